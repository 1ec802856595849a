// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/ip_address.hpp"
#include "common/link_state.hpp"
#include "daemon/worker/netlink.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nsd::worker {

// The links of one network namespace: what they are, and every change that nsd makes to one of them. Each
// is one request to the kernel, which does all of it or nothing, but for sendTo. All throw Error; the
// errno is the kernel's.
class LinkTable {
  public:
    explicit LinkTable(Netlink socket) : socket_(std::move(socket)) {}

    // By index; with addresses.
    [[nodiscard]] std::vector<LinkState> describe();
    // The same without addresses, as the following two.
    [[nodiscard]] std::vector<LinkState> all();
    [[nodiscard]] std::optional<LinkState> byIndex(std::uint32_t index);
    // By its name or an alternative one.
    [[nodiscard]] std::optional<LinkState> byName(const std::string& name);
    [[nodiscard]] bool isWireless(const std::string& name) const;
    // The number by which this network namespace knows another one; none: it does not, and so no link
    // here has its other end there.
    [[nodiscard]] std::optional<std::int32_t> nsidOf(int netNs);

    // To another network namespace, under a name that it has when it gets there, and up there or down.
    // The kernel does one after the other: after an Error the link is either here or there.
    void sendTo(int netNs, const LinkState& link, const std::string& name, bool up);

    void rename(const LinkState& link, const std::string& name);
    void setMac(const LinkState& link, const std::string& mac);
    void setMtu(const LinkState& link, std::uint32_t mtu);
    void setMaster(const LinkState& link, std::uint32_t master);
    void setUp(const LinkState& link, bool up);
    void addAltName(const LinkState& link, const std::string& name);
    void removeAltName(const LinkState& link, const std::string& name);
    void remove(const LinkState& link);

    // Usable at once: without duplicate address detection.
    void addAddress(const LinkState& link, const IpPrefix& address);
    void addRoute(const LinkState& link, const RouteSpec& route);

    [[nodiscard]] Netlink& socket() noexcept { return socket_; }

  private:
    [[nodiscard]] std::optional<LinkState> find(const NetlinkMessage& question, const std::string& what);
    void change(const LinkState& link, int attribute, std::string_view value, std::string_view step);
    void changeAltName(int request, const LinkState& link, const std::string& name, std::string_view step);

    Netlink socket_;
};

// "bridge \"br0\"", "link \"eth0\"", for errors.
[[nodiscard]] std::string describeLink(const LinkState& link);

} // namespace nsd::worker
