// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/socket_maker.hpp"

#include "common/error.hpp"
#include "daemon/worker/child_process.hpp"
#include "daemon/worker/privileges.hpp"

#include <cerrno>
#include <sched.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>

namespace nsd::worker {
namespace {

void check(long result, std::string_view step, std::string_view onWhat) {
    if (result != 0)
        throw kernelError(step, onWhat, errno);
}

} // namespace

UniqueFd makeSocket(int netNs, const SocketSpec& socket, const UserIds& ids) {
    ChildProcess child([&](ParentChannel& worker) {
        makeUndumpable();
        check(::setns(netNs, CLONE_NEWNET), "enter", "the network namespace of a socket");
        actAs(ids); // the effective ones are what a socket is made with
        dropCapabilities();
        giveUpNewPrivileges();
        worker.dieWithParent();
        const UniqueFd made(::socket(socket.family, socket.type | SOCK_CLOEXEC, socket.protocol));
        if (!made)
            throw kernelError("make", "a socket", errno);
        worker.give(made.get());
    });
    return child.receiveFd();
}

} // namespace nsd::worker
