// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/socket_maker.hpp"

#include "common/error.hpp"
#include "daemon/worker/child_process.hpp"
#include "daemon/worker/privileges.hpp"

#include <cerrno>
#include <grp.h>
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

// The effective and file system ids are what a socket is made with. The real and the saved uid stay
// the daemon's: signals and ptrace are allowed by those, so that nobody outside can stop this process,
// or take it over, while it is in the namespace. A real uid of the caller's would also have the
// kernel count the descriptor in flight to the worker against his limit.
void become(const UserIds& ids) {
    check(::setgroups(ids.groups.size(), ids.groups.data()), "take on", "the caller's groups");
    check(
        ::setresgid(static_cast<gid_t>(-1), ids.gid, static_cast<gid_t>(-1)), "take on", "the caller's gid");
    check(
        ::setresuid(static_cast<uid_t>(-1), ids.uid, static_cast<uid_t>(-1)), "take on", "the caller's uid");
    // The kernel has just set it to fs.suid_dumpable.
    makeUndumpable();
    dropCapabilities();
    giveUpNewPrivileges();
}

} // namespace

UniqueFd makeSocket(int netNs, const SocketSpec& socket, const UserIds& ids) {
    ChildProcess child([&](ParentChannel& worker) {
        makeUndumpable();
        check(::setns(netNs, CLONE_NEWNET), "enter", "the network namespace of a socket");
        become(ids);
        worker.dieWithParent();
        const UniqueFd made(::socket(socket.family, socket.type | SOCK_CLOEXEC, socket.protocol));
        if (!made)
            throw kernelError("make", "a socket", errno);
        worker.give(made.get());
    });
    return child.receiveFd();
}

} // namespace nsd::worker
