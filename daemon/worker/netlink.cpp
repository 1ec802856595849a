// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/netlink.hpp"

#include "common/error.hpp"
#include "daemon/worker/child_process.hpp"

#include <array>
#include <cerrno>
#include <exception>
#include <linux/netlink.h>
#include <netlink/attr.h>
#include <netlink/errno.h>
#include <netlink/handlers.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <sched.h>
#include <sys/socket.h>
#include <utility>

namespace nsd::worker {
namespace {

void check(int result, std::string_view step) {
    if (result < 0)
        throw Error(Errc::KernelError, std::string(step) + ": " + ::nl_geterror(result));
}

// The only failure of the functions that put something into a message.
void checkSpace(int result) {
    if (result < 0)
        throw kernelError("write", "a message to rtnetlink", ENOBUFS);
}

UniqueFd openSocket() {
    UniqueFd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (!socket)
        throw kernelError("open", "an rtnetlink socket", errno);
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        throw kernelError("bind", "an rtnetlink socket", errno);
    // Answers with the kernel's words, and without a copy of the question.
    const int yes = 1;
    for (const int option : {NETLINK_EXT_ACK, NETLINK_CAP_ACK})
        if (::setsockopt(socket.get(), SOL_NETLINK, option, &yes, sizeof yes) != 0)
            throw kernelError("set an option of", "an rtnetlink socket", errno);
    return socket;
}

// What the kernel says about a failure ("Invalid MTU"); mostly it says nothing.
std::string wordsOf(const nlmsgerr* error) {
    const auto* bytes = reinterpret_cast<const char*>(error);
    const auto* header = reinterpret_cast<const nlmsghdr*>(bytes - NLMSG_HDRLEN);
    if ((header->nlmsg_flags & NLM_F_ACK_TLVS) == 0)
        return {};
    std::array<nlattr*, NLMSGERR_ATTR_MAX + 1> attributes{};
    auto* first = reinterpret_cast<nlattr*>(const_cast<char*>(bytes + sizeof *error));
    const auto length = static_cast<int>(header->nlmsg_len - NLMSG_HDRLEN - sizeof *error);
    if (::nla_parse(attributes.data(), NLMSGERR_ATTR_MAX, first, length, nullptr) < 0 ||
        attributes[NLMSGERR_ATTR_MSG] == nullptr)
        return {};
    return ::nla_get_string(attributes[NLMSGERR_ATTR_MSG]);
}

// One answer on its way in.
struct Receiving {
    const Netlink::Visit& visit;
    bool isDone = false;
    int error = 0;
    std::string words{};
    std::exception_ptr thrown{}; // not through libnl, which is C
};

int onMessage(nl_msg* message, void* argument) noexcept {
    auto& receiving = *static_cast<Receiving*>(argument);
    try {
        receiving.visit(::nlmsg_hdr(message));
        return NL_OK;
    } catch (...) {
        receiving.thrown = std::current_exception();
        return NL_STOP;
    }
}

int onEnd(nl_msg* /*message*/, void* argument) noexcept {
    static_cast<Receiving*>(argument)->isDone = true;
    return NL_STOP;
}

int onError(sockaddr_nl* /*from*/, nlmsgerr* error, void* argument) noexcept {
    auto& receiving = *static_cast<Receiving*>(argument);
    receiving.isDone = true;
    receiving.error = -error->error;
    try {
        receiving.words = wordsOf(error);
    } catch (...) {
        receiving.thrown = std::current_exception();
    }
    return NL_STOP;
}

void receive(nl_sock* socket, Receiving& receiving) {
    const std::unique_ptr<nl_cb, decltype(&::nl_cb_put)> callbacks(
        ::nl_cb_alloc(NL_CB_DEFAULT), &::nl_cb_put);
    if (!callbacks)
        throw kernelError("receive", "from rtnetlink", ENOMEM);
    ::nl_cb_set(callbacks.get(), NL_CB_VALID, NL_CB_CUSTOM, onMessage, &receiving);
    for (const auto end : {NL_CB_ACK, NL_CB_FINISH})
        ::nl_cb_set(callbacks.get(), end, NL_CB_CUSTOM, onEnd, &receiving);
    ::nl_cb_err(callbacks.get(), NL_CB_CUSTOM, onError, &receiving);
    bool wasInterrupted = false; // a list that changed while it was told
    while (!receiving.isDone && !receiving.thrown) {
        const int result = ::nl_recvmsgs(socket, callbacks.get());
        wasInterrupted |= result == -NLE_DUMP_INTR;
        // The kernel's own answer is a result, too, and has come to onError().
        if (!receiving.isDone && !receiving.thrown && result != -NLE_DUMP_INTR)
            check(result, "receive from rtnetlink");
    }
    if (wasInterrupted && receiving.error == 0)
        receiving.error = EINTR;
    if (receiving.thrown)
        std::rethrow_exception(receiving.thrown);
}

} // namespace

void NetlinkMessage::Free::operator()(nl_msg* message) const noexcept {
    ::nlmsg_free(message);
}

NetlinkMessage::NetlinkMessage(int type, int flags) : message_(::nlmsg_alloc_simple(type, flags)) {
    if (!message_)
        throw kernelError("write", "a message to rtnetlink", ENOBUFS);
}

void NetlinkMessage::append(const void* header, std::size_t size) {
    checkSpace(::nlmsg_append(message_.get(), const_cast<void*>(header), size, NLMSG_ALIGNTO));
}

void NetlinkMessage::put(int attribute, std::string_view bytes) {
    checkSpace(::nla_put(message_.get(), attribute, static_cast<int>(bytes.size()), bytes.data()));
}

void NetlinkMessage::put(int attribute, std::uint32_t value) {
    checkSpace(::nla_put_u32(message_.get(), attribute, value));
}

void NetlinkMessage::putString(int attribute, const std::string& text) {
    checkSpace(::nla_put_string(message_.get(), attribute, text.c_str()));
}

void NetlinkMessage::putNested(int attribute, const std::function<void()>& fill) {
    auto* const nest = ::nla_nest_start(message_.get(), attribute | NLA_F_NESTED);
    checkSpace(nest == nullptr ? -1 : 0);
    fill();
    ::nla_nest_end(message_.get(), nest);
}

void Netlink::Free::operator()(nl_sock* socket) const noexcept {
    ::nl_socket_free(socket);
}

Netlink::Netlink() : Netlink(openSocket()) {}

Netlink::Netlink(UniqueFd socket) : socket_(::nl_socket_alloc()) {
    if (!socket_)
        throw kernelError("open", "an rtnetlink socket", ENOMEM);
    check(::nl_socket_set_fd(socket_.get(), NETLINK_ROUTE, socket.get()), "take an rtnetlink socket");
    static_cast<void>(socket.release());
}

std::vector<Netlink> Netlink::inside(const std::vector<int>& netNs) {
    ChildProcess child([&](ParentChannel& worker) {
        for (const int fd : netNs) {
            if (::setns(fd, CLONE_NEWNET) != 0)
                throw kernelError("enter", "a network namespace for its links", errno);
            worker.give(openSocket().get());
        }
    });
    std::vector<Netlink> sockets;
    for (std::size_t i = 0; i < netNs.size(); ++i)
        sockets.push_back(Netlink(child.receiveFd()));
    return sockets;
}

void Netlink::request(const NetlinkMessage& message, std::string_view step, std::string_view onWhat) const {
    ask(message, step, onWhat, [](nlmsghdr*) {});
}

void Netlink::ask(
    const NetlinkMessage& message, std::string_view step, std::string_view onWhat, const Visit& visit) const {
    check(::nl_send_auto(get(), message.get()), "send to rtnetlink"); // with NLM_F_REQUEST | NLM_F_ACK
    Receiving receiving{visit};
    receive(get(), receiving);
    if (receiving.error == 0)
        return;
    const auto error = kernelError(step, onWhat, receiving.error);
    throw Error(error.code(),
        receiving.words.empty() ? error.text() : error.text() + " (the kernel: " + receiving.words + ")",
        error.errnoValue());
}

int Netlink::fd() const noexcept {
    return ::nl_socket_get_fd(get());
}

} // namespace nsd::worker
