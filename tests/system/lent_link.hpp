// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/host_network.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

namespace nsd::test {

// A link on the host that is like no other: one end of a veth pair with a MAC address, an MTU, an alternative
// name and a bridge of its own.
class LentLink {
  public:
    explicit LentLink(const HostNetwork& host) : host_(host) {
        host_.shell("ip link add br0 type bridge; ip link set br0 up; "
                    "ip link add lent0 address 02:aa:bb:cc:dd:01 mtu 1400 type veth peer name far0; "
                    "ip link property add dev lent0 altname spare-name; ip link set far0 up; "
                    "ip link set lent0 master br0 up");
    }

    // All that must be the same when it is home again; empty: it is not at home under its name.
    [[nodiscard]] std::string state() const {
        const auto links = nlohmann::json::parse(host_.shell("ip -j link show"));
        for (const auto& link : links) {
            if (link.at("ifname") != "lent0")
                continue;
            const auto& flags = link.at("flags");
            const bool isUp = std::find(flags.begin(), flags.end(), "UP") != flags.end();
            return link.at("address").get<std::string>() + " " + link.at("mtu").dump() + " " +
                   link.value("master", "no master") + (isUp ? " up " : " down ") +
                   link.value("altnames", nlohmann::json()).dump();
        }
        return "";
    }

  private:
    const HostNetwork& host_;
};

} // namespace nsd::test
