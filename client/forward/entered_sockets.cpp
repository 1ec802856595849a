// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/forward/entered_sockets.hpp"

#include "client/enter/opened_namespaces.hpp"
#include "common/error.hpp"

#include <cerrno>
#include <cstdlib>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <utility>

namespace nsd::client {

EnteredSockets::EnteredSockets(UniqueFd netNs)
    : inside_(std::move(netNs)), outside_(openFile("/proc/self/ns/net")) {}

UniqueFd EnteredSockets::make(int family) const {
    if (::setns(inside_.get(), CLONE_NEWNET) != 0)
        throw kernelError("enter", "the network namespace", errno);
    UniqueFd socket(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    const int error = errno;
    // Everything else that this program does is meant for where it came from.
    if (::setns(outside_.get(), CLONE_NEWNET) != 0)
        std::abort();
    if (!socket)
        throw kernelError("make", "a socket inside", error);
    return socket;
}

void EnteredSockets::ask(int family, Completion<UniqueFd> done) {
    try {
        done(make(family));
    } catch (const Error& error) {
        done(error);
    }
}

} // namespace nsd::client
