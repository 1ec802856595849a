// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/fresh_mounts.hpp"

#include "common/error.hpp"
#include "daemon/worker/child_process.hpp"

#include <cerrno>
#include <string>
#include <sys/mount.h>

namespace nsd::worker {
namespace {

void mountOver(const char* type, const char* target) {
    if (::mount(type, target, type, MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0)
        return;
    const int failure = errno;
    // In a mount namespace that a user namespace owns, the kernel gives no more to see than what
    // the host's own /proc and /sys show (mount_too_revealing()).
    const auto onWhat = std::string(type) + " on " + target +
                        (failure == EPERM ? " (is a part of the host's covered by another mount?)" : "");
    throw kernelError("mount a fresh", onWhat, failure);
}

} // namespace

void makeMountsSlave() {
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
        throw kernelError("make a slave of", "every mount of the new mount namespace", errno);
}

void mountProcHere() {
    mountOver("proc", "/proc");
}

void mountFreshProc() {
    static_cast<void>(runInChild([] {
        mountProcHere();
        return std::string();
    }));
}

void mountFreshSys() {
    mountOver("sysfs", "/sys");
}

} // namespace nsd::worker
