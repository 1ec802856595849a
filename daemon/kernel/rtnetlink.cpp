// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/rtnetlink.hpp"

#include "common/error.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <linux/net_namespace.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nsd::rtnetlink {
namespace {

// One request with one 32-bit attribute: all that is needed here.
struct Request {
    nlmsghdr header{};
    rtgenmsg general{};
    std::array<char, NLMSG_ALIGN(sizeof(rtgenmsg)) - sizeof(rtgenmsg)> padding{};
    nlattr attribute{};
    std::int32_t value = 0;
    nlattr second{};
    std::int32_t secondValue = 0;
};
constexpr std::uint32_t oneAttribute = offsetof(Request, second);

using Buffer = std::array<char, 8192>;

UniqueFd openSocket(int flags) {
    UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | flags, NETLINK_ROUTE));
    if (!socket)
        throw kernelError("open", "an rtnetlink socket", errno);
    return socket;
}

nlattr attributeOf(std::uint16_t type) {
    return {NLA_HDRLEN + sizeof(std::int32_t), type};
}

// The NETNSA_NSID of an RTM_NEWNSID or RTM_DELNSID message; NETNSA_NSID_NOT_ASSIGNED without one.
std::int32_t nsidIn(const nlmsghdr* message) {
    const auto* data = reinterpret_cast<const char*>(message);
    std::size_t at = NLMSG_SPACE(sizeof(rtgenmsg));
    while (at + NLA_HDRLEN + sizeof(std::int32_t) <= message->nlmsg_len) {
        nlattr attribute{};
        std::memcpy(&attribute, data + at, sizeof attribute);
        if (attribute.nla_type == NETNSA_NSID) {
            std::int32_t nsid = 0;
            std::memcpy(&nsid, data + at + NLA_HDRLEN, sizeof nsid);
            return nsid;
        }
        if (attribute.nla_len < NLA_HDRLEN)
            break;
        at += NLA_ALIGN(attribute.nla_len);
    }
    return NETNSA_NSID_NOT_ASSIGNED;
}

// Sends it and calls `visit` with the one message that answers it. The errno of the kernel's answer,
// 0 without an error.
template <class Visit>
int ask(Request& request, std::uint32_t length, Visit visit) {
    const auto socket = openSocket(0);
    request.header.nlmsg_len = length;
    request.header.nlmsg_seq = 1;
    if (::send(socket.get(), &request, length, 0) != static_cast<ssize_t>(length))
        throw kernelError("send", "to rtnetlink", errno);
    alignas(nlmsghdr) Buffer buffer{};
    const auto got = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (got < 0)
        throw kernelError("receive", "from rtnetlink", errno);
    const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data());
    if (got < static_cast<ssize_t>(NLMSG_SPACE(sizeof(int))) ||
        message->nlmsg_len > static_cast<std::size_t>(got))
        throw kernelError("receive", "from rtnetlink", EBADMSG);
    if (message->nlmsg_type == NLMSG_ERROR) {
        int error = 0;
        std::memcpy(&error, NLMSG_DATA(message), sizeof error);
        return -error;
    }
    visit(message);
    return 0;
}

// The id that goes with an attribute of RTM_GETNSID; NETNSA_NSID_NOT_ASSIGNED where there is none.
std::int32_t getNsid(std::uint16_t attribute, std::int32_t value) {
    Request request;
    request.header.nlmsg_type = RTM_GETNSID;
    request.header.nlmsg_flags = NLM_F_REQUEST;
    request.attribute = attributeOf(attribute);
    request.value = value;
    std::int32_t nsid = NETNSA_NSID_NOT_ASSIGNED;
    const int error = ask(request, oneAttribute, [&](const nlmsghdr* message) { nsid = nsidIn(message); });
    if (error != 0 && error != ENOENT)
        throw kernelError("ask rtnetlink for", "a namespace id", error);
    return nsid;
}

} // namespace

UniqueFd subscribe() {
    auto socket = openSocket(SOCK_NONBLOCK);
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    const int group = RTNLGRP_NSID;
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        ::setsockopt(socket.get(), SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof group) != 0)
        throw kernelError("subscribe to", "the namespace ids of rtnetlink", errno);
    return socket;
}

std::optional<std::vector<NsidEvent>> readEvents(int socket) {
    std::vector<NsidEvent> events;
    alignas(nlmsghdr) Buffer buffer{};
    for (;;) {
        const auto got = ::recv(socket, buffer.data(), buffer.size(), 0);
        if (got < 0 && errno == EAGAIN)
            return events;
        if (got < 0 && errno == ENOBUFS)
            return std::nullopt;
        if (got < 0)
            throw kernelError("receive", "from rtnetlink", errno);
        auto left = static_cast<std::size_t>(got);
        for (const auto* message = reinterpret_cast<const nlmsghdr*>(buffer.data()); NLMSG_OK(message, left);
             message = NLMSG_NEXT(message, left))
            if (message->nlmsg_type == RTM_NEWNSID || message->nlmsg_type == RTM_DELNSID)
                events.push_back(
                    {message->nlmsg_type == RTM_DELNSID ? NsidChange::Removed : NsidChange::Added,
                        nsidIn(message)});
    }
}

std::int32_t assignNsid(int netNsFd) {
    Request request;
    request.header.nlmsg_type = RTM_NEWNSID;
    request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    request.attribute = attributeOf(NETNSA_FD);
    request.value = netNsFd;
    request.second = attributeOf(NETNSA_NSID);
    request.secondValue = NETNSA_NSID_NOT_ASSIGNED; // the kernel is to choose
    const int error = ask(request, sizeof request, [](const nlmsghdr*) {});
    if (error != 0 && error != EEXIST)
        throw kernelError("give", "a network namespace an id here", error);
    const auto nsid = getNsid(NETNSA_FD, netNsFd);
    if (nsid < 0)
        throw kernelError("ask rtnetlink for", "the id of a network namespace", ENOENT);
    return nsid;
}

bool nsidExists(std::int32_t nsid) {
    return getNsid(NETNSA_NSID, nsid) >= 0;
}

} // namespace nsd::rtnetlink
