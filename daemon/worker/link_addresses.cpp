// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "daemon/worker/link_table.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <memory>
#include <netlink/addr.h>
#include <netlink/cache.h>
#include <netlink/errno.h>
#include <netlink/route/addr.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <sys/socket.h>

// The addresses and routes of a LinkTable's links, in the objects of libnl-route.
namespace nsd::worker {
namespace {

template <class T, void (*Release)(T*)>
struct Releaser {
    void operator()(T* object) const noexcept { Release(object); }
};
template <class T, void (*Release)(T*)>
using Owned = std::unique_ptr<T, Releaser<T, Release>>;
using NlAddress = Owned<nl_addr, nl_addr_put>;
using LinkAddress = Owned<rtnl_addr, rtnl_addr_put>;
using Route = Owned<rtnl_route, rtnl_route_put>;
using AddressList = Owned<nl_cache, nl_cache_free>;

template <class Pointer>
Pointer owned(typename Pointer::pointer object) {
    if (object == nullptr)
        throw kernelError("write", "a message to rtnetlink", ENOMEM);
    return Pointer(object);
}

void check(int result, std::string_view step) {
    if (result < 0)
        throw Error(Errc::KernelError, std::string(step) + ": " + ::nl_geterror(result));
}

int familyOf(const IpAddress& address) {
    return address.family() == IpAddress::Family::V4 ? AF_INET : AF_INET6;
}

NlAddress toNl(const IpAddress& address, unsigned length) {
    auto made = owned<NlAddress>(::nl_addr_build(familyOf(address), address.data(), address.size()));
    ::nl_addr_set_prefixlen(made.get(), static_cast<int>(length));
    return made;
}

// "10.0.0.2/24"; empty for a family that is neither.
std::string textOf(rtnl_addr* address) {
    auto* const local = ::rtnl_addr_get_local(address);
    const int family = rtnl_addr_get_family(address);
    if (local == nullptr || (family != AF_INET && family != AF_INET6))
        return {};
    return IpPrefix{
        {family == AF_INET ? IpAddress::Family::V4 : IpAddress::Family::V6, ::nl_addr_get_binary_addr(local)},
        static_cast<unsigned>(::rtnl_addr_get_prefixlen(address))}
        .str();
}

} // namespace

std::vector<LinkState> LinkTable::describe() {
    auto links = all();
    nl_cache* filled = nullptr;
    check(::rtnl_addr_alloc_cache(socket_.get(), &filled), "list the addresses of a network namespace");
    const AddressList list(filled);
    for (auto* object = ::nl_cache_get_first(filled); object != nullptr;
         object = ::nl_cache_get_next(object)) {
        auto* const address = reinterpret_cast<rtnl_addr*>(object);
        const auto index = static_cast<std::uint32_t>(::rtnl_addr_get_ifindex(address));
        const auto link = std::find_if(
            links.begin(), links.end(), [&](const LinkState& state) { return state.index == index; });
        if (auto text = textOf(address); link != links.end() && !text.empty())
            link->addresses.push_back(std::move(text));
    }
    return links;
}

void LinkTable::addAddress(const LinkState& link, const IpPrefix& address) {
    const auto made = owned<LinkAddress>(::rtnl_addr_alloc());
    ::rtnl_addr_set_ifindex(made.get(), static_cast<int>(link.index));
    check(::rtnl_addr_set_local(made.get(), toNl(address.address, address.length).get()),
        "write an address for rtnetlink");
    if (address.address.family() == IpAddress::Family::V6)
        ::rtnl_addr_set_flags(made.get(), IFA_F_NODAD);
    nl_msg* request = nullptr;
    check(::rtnl_addr_build_add_request(made.get(), NLM_F_CREATE | NLM_F_EXCL, &request),
        "write an address for rtnetlink");
    socket_.request(NetlinkMessage(request), "add the address " + address.str() + " to", describeLink(link));
}

void LinkTable::addRoute(const LinkState& link, const RouteSpec& route) {
    const auto made = owned<Route>(::rtnl_route_alloc());
    const auto& to = route.destination;
    check(::rtnl_route_set_dst(made.get(), toNl(to.address, to.length).get()), "write a route for rtnetlink");
    ::rtnl_route_set_protocol(made.get(), RTPROT_STATIC);
    auto* const hop = ::rtnl_route_nh_alloc();
    if (hop == nullptr)
        throw kernelError("write", "a message to rtnetlink", ENOMEM);
    ::rtnl_route_add_nexthop(made.get(), hop); // and is the route's from here on
    ::rtnl_route_nh_set_ifindex(hop, static_cast<int>(link.index));
    if (route.gateway)
        ::rtnl_route_nh_set_gateway(hop, toNl(*route.gateway, route.gateway->bits()).get());
    ::rtnl_route_set_scope(made.get(), route.gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK);
    nl_msg* request = nullptr;
    check(::rtnl_route_build_add_request(made.get(), NLM_F_CREATE | NLM_F_EXCL, &request),
        "write a route for rtnetlink");
    socket_.request(
        NetlinkMessage(request), "add the route \"" + route.str() + "\" through", describeLink(link));
}

} // namespace nsd::worker
