// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/view.hpp"

#include "common/error.hpp"
#include "daemon/worker/child_process.hpp"
#include "daemon/worker/fresh_mounts.hpp"
#include "daemon/worker/privileges.hpp"
#include "daemon/worker/submounts.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sched.h>
#include <string>
#include <string_view>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utility>

#include <linux/magic.h>

namespace nsd::worker {
namespace {

void check(int result, std::string_view step, std::string_view onWhat) {
    if (result != 0)
        throw kernelError(step, onWhat, errno);
}

struct ViewFds {
    UniqueFd runtimeDirectory;
    UniqueFd net;
    UniqueFd user;
    UniqueFd etc;
};

ViewFds takeFds(const protocol::ViewRequest& request, std::vector<UniqueFd> fds) {
    if (fds.size() != 2U + (request.withUser ? 1 : 0) + (request.withEtc ? 1 : 0))
        throw Error(Errc::KernelError, "a request to make a view has the wrong descriptors");
    return {std::move(fds[0]), std::move(fds[1]), request.withUser ? std::move(fds[2]) : UniqueFd(),
        request.withEtc ? std::move(fds.back()) : UniqueFd()};
}

void makeMountNamespace() {
    check(::unshare(CLONE_NEWNS), "unshare", "a mount namespace");
    makeMountsSlave();
}

// Of the network namespace that the process is in, attached nowhere. Invalid where the kernel does not give
// it: nsd is root in a user namespace alone, in which a part of /sys is covered.
UniqueFd freshSys(unsigned attributes) {
    const UniqueFd context(static_cast<int>(::syscall(SYS_fsopen, "sysfs", FSOPEN_CLOEXEC)));
    if (!context || ::syscall(SYS_fsconfig, context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) != 0) {
        if (errno == EPERM)
            return UniqueFd();
        throw kernelError("make a fresh", "sysfs", errno);
    }
    UniqueFd mount(static_cast<int>(::syscall(SYS_fsmount, context.get(), FSMOUNT_CLOEXEC, attributes)));
    if (!mount && errno != EPERM)
        throw kernelError("mount a fresh", "sysfs", errno);
    return mount;
}

bool isSysfs(int directory) {
    struct statfs status {};
    return ::fstatfs(directory, &status) == 0 && status.f_type == SYSFS_MAGIC;
}

// A host without sysfs there has nothing to be replaced. Looked at where the links are: systemd-nspawn has a
// tmpfs on /sys, and parts of sysfs below.
void replaceSys() {
    const UniqueFd links(::open("/sys/class", O_PATH | O_DIRECTORY | O_CLOEXEC));
    struct statvfs flags {};
    if (!links || !isSysfs(links.get()) || ::fstatvfs(links.get(), &flags) != 0)
        return;
    const bool isReadOnly = (flags.f_flag & ST_RDONLY) != 0; // as containers have it
    const auto fresh = freshSys(
        MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | (isReadOnly ? MOUNT_ATTR_RDONLY : 0));
    if (!fresh)
        return;
    const Submounts kept("/sys");
    // It stays below the fresh one where it must not be unmounted: in a container's user namespace.
    if (::umount2("/sys", MNT_DETACH | UMOUNT_NOFOLLOW) != 0 && errno != EINVAL)
        throw kernelError("unmount", "the host's /sys", errno);
    if (!attachMount(fresh.get(), "/sys"))
        throw kernelError("mount a fresh", "sysfs on /sys", errno);
    // A part of sysfs among them (LXC mounts one, too) shows the links of the host.
    kept.attach([](const std::string& /*name*/, int mount) { return isSysfs(mount); });
}

// What the host has mounted on single files below, as containers have, stays as well.
void replaceEtc(int etc, const std::vector<std::string>& ownFiles) {
    const Submounts kept("/etc");
    if (!attachMount(etc, "/etc"))
        throw kernelError("mount", "its own /etc", errno);
    kept.attach([&](const std::string& name, int /*mount*/) {
        return std::find(ownFiles.begin(), ownFiles.end(), name) != ownFiles.end();
    });
}

void attachRuntimeDirectory(const ViewFds& fds, const std::string& path) {
    if (!attachMount(fds.runtimeDirectory.get(), path))
        throw kernelError("mount", path, errno);
}

// The copy of what was made so far is the user namespace's, and in there all of it is one thing.
void giveTo(const UniqueFd& user, const ParentChannel& worker) {
    makeUndumpable();
    check(::setns(user.get(), CLONE_NEWUSER), "join its", "user");
    makeUndumpable();
    worker.dieWithParent();
    makeMountNamespace();
}

} // namespace

UniqueFd makeView(const protocol::ViewRequest& request, std::vector<UniqueFd> received) {
    const auto fds = takeFds(request, std::move(received));
    ChildProcess child([&](const ParentChannel& worker) {
        makeMountNamespace();
        check(::setns(fds.net.get(), CLONE_NEWNET), "join its", "net");
        replaceSys();
        if (fds.etc)
            replaceEtc(fds.etc.get(), request.etcFiles);
        attachRuntimeDirectory(fds, request.runtimeDirectory);
        if (fds.user)
            giveTo(fds.user, worker);
        const UniqueFd view(::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
        if (!view)
            throw kernelError("open", "the mount namespace of a view", errno);
        worker.give(view.get());
    });
    return child.receiveFd();
}

} // namespace nsd::worker
