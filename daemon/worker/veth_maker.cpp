// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/veth_maker.hpp"

#include "common/error.hpp"
#include "common/mac_address.hpp"
#include "common/quote.hpp"
#include "daemon/worker/link_table.hpp"

#include <cerrno>
#include <memory>
#include <netlink/addr.h>
#include <netlink/errno.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>
#include <sys/socket.h>

namespace nsd::worker {
namespace {

void describeEnd(rtnl_link* link, const VethEnd& end, int netNs, const VethSpec& veth) {
    const auto mac = macBytes(end.mac);
    const std::unique_ptr<nl_addr, decltype(&::nl_addr_put)> address(
        ::nl_addr_build(AF_LLC, mac.data(), mac.size()), &::nl_addr_put);
    if (!address)
        throw kernelError("write", "a message to rtnetlink", ENOMEM);
    ::rtnl_link_set_name(link, end.name.str().c_str());
    ::rtnl_link_set_addr(link, address.get());
    ::rtnl_link_set_ns_fd(link, netNs);
    if (veth.mtu)
        ::rtnl_link_set_mtu(link, *veth.mtu);
}

// Both ends where and what they are to be, so that no name is ever taken that was not asked for.
NetlinkMessage requestFor(int insideNetNs, int peerNetNs, const VethSpec& veth) {
    const std::unique_ptr<rtnl_link, decltype(&::rtnl_link_veth_release)> link(
        ::rtnl_link_veth_alloc(), &::rtnl_link_veth_release);
    if (!link)
        throw kernelError("write", "a message to rtnetlink", ENOMEM);
    describeEnd(link.get(), veth.inside, insideNetNs, veth);
    auto* const peer = ::rtnl_link_veth_get_peer(link.get());
    describeEnd(peer, veth.peer, peerNetNs, veth);
    nl_msg* request = nullptr;
    const int built = ::rtnl_link_build_add_request(link.get(), NLM_F_CREATE | NLM_F_EXCL, &request);
    ::rtnl_link_put(peer); // rtnl_link_veth_get_peer() has taken a reference
    if (built < 0)
        throw Error(Errc::KernelError, std::string("write a veth for rtnetlink: ") + ::nl_geterror(built));
    return NetlinkMessage(request);
}

void refuseWhatIsTaken(LinkTable& table, const VethEnd& end, const std::string& where) {
    if (table.byName(end.name.str()))
        throw Error(Errc::NameExists, where + " has a link " + quoted(end.name.str()) + " already");
}

// The end that was just made.
LinkState find(LinkTable& table, const VethEnd& end) {
    auto link = table.byName(end.name.str());
    if (!link || link->mac != end.mac)
        throw Error(
            Errc::KernelError, "the veth " + quoted(end.name.str()) + " went away as soon as it was made");
    return std::move(*link);
}

// A route may need an address of the same end, and nothing of the other.
void furnish(LinkTable& table, const LinkState& link, const VethEnd& end) {
    for (const auto& address : end.addresses)
        table.addAddress(link, address);
    for (const auto& route : end.routes)
        table.addRoute(link, route);
}

} // namespace

std::pair<MovedLink, MovedLink> makeVeth(int insideNetNs, int peerNetNs, const VethSpec& veth) {
    auto sockets = Netlink::inside({insideNetNs, peerNetNs});
    LinkTable inside(std::move(sockets.front()));
    LinkTable peer(std::move(sockets.back()));
    refuseWhatIsTaken(inside, veth.inside, "the namespace");
    refuseWhatIsTaken(peer, veth.peer, "the other end's network namespace");
    inside.socket().request(requestFor(insideNetNs, peerNetNs, veth), "make",
        "the veth " + quoted(veth.inside.name.str()) + " and its peer " + quoted(veth.peer.name.str()));
    try {
        const auto one = find(inside, veth.inside);
        const auto other = find(peer, veth.peer);
        inside.setUp(one, true);
        peer.setUp(other, true);
        furnish(inside, one, veth.inside);
        furnish(peer, other, veth.peer);
        return {{one.index, one.name}, {other.index, other.name}};
    } catch (const Error&) {
        if (!removeVeth(insideNetNs, veth.inside.name.str(), veth.inside.mac))
            static_cast<void>(removeVeth(peerNetNs, veth.peer.name.str(), veth.peer.mac));
        throw;
    }
}

bool removeVeth(int netNs, const std::string& name, const std::string& mac) {
    auto sockets = Netlink::inside({netNs});
    LinkTable table(std::move(sockets.front()));
    const auto link = table.byName(name);
    if (!link || link->name != name || link->identity.kind != "veth" || link->mac != mac)
        return false;
    table.remove(*link);
    return true;
}

} // namespace nsd::worker
