// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/link_table.hpp"

#include "common/error.hpp"
#include "common/mac_address.hpp"
#include "common/quote.hpp"
#include "daemon/worker/link_parser.hpp"

#include <algorithm>
#include <cerrno>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <linux/wireless.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <sys/ioctl.h>

namespace nsd::worker {
namespace {

NetlinkMessage aboutLink(int type, int flags, std::uint32_t index, unsigned state = 0, unsigned changed = 0) {
    ifinfomsg header{};
    header.ifi_family = AF_UNSPEC;
    header.ifi_index = static_cast<int>(index);
    header.ifi_flags = state;
    header.ifi_change = changed;
    NetlinkMessage message(type, flags);
    message.append(&header, sizeof header);
    return message;
}

std::string_view bytesOf(const std::uint32_t& number) {
    return {reinterpret_cast<const char*>(&number), sizeof number};
}

} // namespace

std::string describeLink(const LinkState& link) {
    return (link.identity.kind.empty() ? std::string("link") : link.identity.kind) + " " + quoted(link.name);
}

std::vector<LinkState> LinkTable::all() {
    constexpr int attempts = 20;
    for (int attempt = 1;; ++attempt) {
        std::vector<ParsedLink> links;
        try {
            socket_.ask(aboutLink(RTM_GETLINK, NLM_F_DUMP, 0), "list", "the links of a network namespace",
                [&](nlmsghdr* message) { links.push_back(parseLink(message)); });
        } catch (const Error& error) {
            if (error.errnoValue() != EINTR || attempt == attempts)
                throw;
            continue;
        }
        std::sort(links.begin(), links.end(),
            [](const auto& one, const auto& other) { return one.state.index < other.state.index; });
        std::vector<LinkState> states;
        for (auto& link : links) {
            for (const auto& master : links)
                if (master.state.index == link.masterIndex)
                    link.state.master = master.state.name;
            states.push_back(link.state);
        }
        return states;
    }
}

std::optional<LinkState> LinkTable::find(const NetlinkMessage& question, const std::string& what) {
    std::optional<ParsedLink> found;
    try {
        socket_.ask(question, "look for", what, [&](nlmsghdr* message) { found = parseLink(message); });
    } catch (const Error& error) {
        if (error.errnoValue() == ENODEV)
            return std::nullopt;
        throw;
    }
    if (!found)
        return std::nullopt;
    if (found->masterIndex != 0)
        if (const auto master = byIndex(found->masterIndex))
            found->state.master = master->name;
    return std::move(found->state);
}

std::optional<LinkState> LinkTable::byIndex(std::uint32_t index) {
    return index == 0 ? std::nullopt
                      : find(aboutLink(RTM_GETLINK, 0, index), "link number " + std::to_string(index));
}

std::optional<LinkState> LinkTable::byName(const std::string& name) {
    if (name.empty() || name.size() >= ALTIFNAMSIZ)
        return std::nullopt;
    auto question = aboutLink(RTM_GETLINK, 0, 0);
    question.putString(IFLA_ALT_IFNAME, name); // finds names of both kinds
    return find(question, "link " + quoted(name));
}

bool LinkTable::isWireless(const std::string& name) const {
    iwreq request{};
    name.copy(request.ifr_name, sizeof request.ifr_name - 1);
    return ::ioctl(socket_.fd(), SIOCGIWNAME, &request) == 0;
}

std::optional<std::int32_t> LinkTable::nsidOf(int netNs) {
    rtgenmsg header{};
    header.rtgen_family = AF_UNSPEC;
    NetlinkMessage question(RTM_GETNSID, 0);
    question.append(&header, sizeof header);
    question.put(NETNSA_FD, static_cast<std::uint32_t>(netNs));
    std::optional<std::int32_t> nsid;
    socket_.ask(question, "ask for", "the id of a network namespace", [&](nlmsghdr* message) {
        const auto* const attribute = ::nlmsg_find_attr(message, sizeof header, NETNSA_NSID);
        if (attribute != nullptr && ::nla_get_s32(attribute) >= 0)
            nsid = ::nla_get_s32(attribute);
    });
    return nsid;
}

void LinkTable::sendTo(int netNs, const LinkState& link, const std::string& name, bool up) {
    auto message = aboutLink(RTM_NEWLINK, 0, link.index, up ? IFF_UP : 0, IFF_UP);
    message.put(IFLA_NET_NS_FD, static_cast<std::uint32_t>(netNs));
    message.putString(IFLA_IFNAME, name);
    socket_.request(
        message, "move to another network namespace as " + quoted(name) + ":", describeLink(link));
}

void LinkTable::change(const LinkState& link, int attribute, std::string_view value, std::string_view step) {
    auto message = aboutLink(RTM_NEWLINK, 0, link.index);
    message.put(attribute, value);
    socket_.request(message, step, describeLink(link));
}

void LinkTable::rename(const LinkState& link, const std::string& name) {
    change(link, IFLA_IFNAME, {name.c_str(), name.size() + 1}, "rename to " + quoted(name) + ":");
}

void LinkTable::setMac(const LinkState& link, const std::string& mac) {
    change(link, IFLA_ADDRESS, macBytes(mac), "set the MAC address " + mac + " of");
}

void LinkTable::setMtu(const LinkState& link, std::uint32_t mtu) {
    change(link, IFLA_MTU, bytesOf(mtu), "set the MTU " + std::to_string(mtu) + " of");
}

void LinkTable::setMaster(const LinkState& link, std::uint32_t master) {
    change(link, IFLA_MASTER, bytesOf(master), "set the master of");
}

void LinkTable::setUp(const LinkState& link, bool up) {
    socket_.request(aboutLink(RTM_NEWLINK, 0, link.index, up ? IFF_UP : 0, IFF_UP),
        up ? "set up" : "set down", describeLink(link));
}

void LinkTable::changeAltName(
    int request, const LinkState& link, const std::string& name, std::string_view step) {
    auto message = aboutLink(request, request == RTM_NEWLINKPROP ? NLM_F_CREATE | NLM_F_EXCL : 0, link.index);
    message.putNested(IFLA_PROP_LIST, [&] { message.putString(IFLA_ALT_IFNAME, name); });
    socket_.request(message, step, quoted(name) + " of " + describeLink(link));
}

void LinkTable::addAltName(const LinkState& link, const std::string& name) {
    changeAltName(RTM_NEWLINKPROP, link, name, "add the alternative name");
}

void LinkTable::removeAltName(const LinkState& link, const std::string& name) {
    changeAltName(RTM_DELLINKPROP, link, name, "remove the alternative name");
}

void LinkTable::remove(const LinkState& link) {
    socket_.request(aboutLink(RTM_DELLINK, 0, link.index), "delete", describeLink(link));
}

} // namespace nsd::worker
