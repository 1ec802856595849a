// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/socket_maker.hpp"

#include "common/error.hpp"
#include "daemon/worker/child_process.hpp"

#include <array>
#include <cerrno>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <string>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::worker {
namespace {

void check(long result, std::string_view step, std::string_view onWhat) {
    if (result != 0)
        throw kernelError(step, onWhat, errno);
}

void makeUndumpable() {
    check(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0), "make", "the maker of a socket undumpable");
}

void dropCapabilities() {
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
    check(::syscall(SYS_capset, &header, none.data()), "drop", "all capabilities");
    check(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "give up", "new privileges");
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
