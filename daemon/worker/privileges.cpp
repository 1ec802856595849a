// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/privileges.hpp"

#include "common/error.hpp"

#include <array>
#include <cerrno>
#include <grp.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

namespace nsd::worker {

void actAs(const UserIds& ids) {
    constexpr auto kept = static_cast<id_t>(-1);
    if (::setgroups(ids.groups.size(), ids.groups.data()) != 0)
        throw kernelError("take on", "the caller's groups", errno);
    if (::setresgid(kept, ids.gid, kept) != 0)
        throw kernelError("take on", "the caller's gid", errno);
    if (::setresuid(kept, ids.uid, kept) != 0)
        throw kernelError("take on", "the caller's uid", errno);
    // The kernel has just set it to fs.suid_dumpable.
    makeUndumpable();
}

void makeUndumpable() {
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        throw kernelError("make undumpable", "a process that enters namespaces", errno);
}

void dropCapabilities() {
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
        throw kernelError("clear", "the ambient capabilities", errno);
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> none{};
    if (::syscall(SYS_capset, &header, none.data()) != 0)
        throw kernelError("drop", "the capabilities", errno);
}

void giveUpNewPrivileges() {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        throw kernelError("give up", "new privileges", errno);
}

} // namespace nsd::worker
