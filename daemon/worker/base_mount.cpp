// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/base_mount.hpp"

#include "common/error.hpp"
#include "common/unique_fd.hpp"

#include <cerrno>
#include <sched.h>
#include <sys/mount.h>

namespace nsd::worker {

void makeBaseMountNamespace(const std::string& runtimeDirectory) {
    if (::unshare(CLONE_NEWNS) != 0)
        throw kernelError("unshare", "the base mount namespace", errno);
    // Slave, not private: what the administrator mounts later still arrives.
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
        throw kernelError("make a slave of", "every mount of the base mount namespace", errno);
    // It may be mounted more than once, by a predecessor that was killed; EINVAL: no longer.
    while (::umount2(runtimeDirectory.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) == 0) {
    }
    if (errno != EINVAL)
        throw kernelError("detach in the base mount namespace", runtimeDirectory, errno);
}

void joinBaseMountNamespace(int mountNamespace) {
    const UniqueFd base(mountNamespace);
    if (::setns(base.get(), CLONE_NEWNS) != 0)
        throw kernelError("join", "the base mount namespace", errno);
}

} // namespace nsd::worker
