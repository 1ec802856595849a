// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/etc_mount.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/worker/child_process.hpp"
#include "daemon/worker/fresh_mounts.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sched.h>
#include <string_view>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::worker {
namespace {

constexpr mode_t readableByAll = S_IRUSR | S_IWUSR | S_IRGRP | S_IROTH;
constexpr mode_t directoryOfAll = S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH;
constexpr const char* ownLayer = "own";

void check(long result, std::string_view step, std::string_view onWhat) {
    if (result != 0)
        throw kernelError(step, onWhat, errno);
}

void writeFile(const std::string& name, const std::string& text) {
    const UniqueFd file(::open((std::string(ownLayer) + '/' + name).c_str(),
        O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, readableByAll));
    if (!file || ::fchmod(file.get(), readableByAll) != 0)
        throw kernelError("make", quoted(name), errno);
    for (std::size_t done = 0; done < text.size();) {
        const auto written = ::write(file.get(), text.data() + done, text.size() - done);
        if (written < 0)
            throw kernelError("write", quoted(name), errno);
        done += static_cast<std::size_t>(written);
    }
}

// A file system of its own, on which the overlay alone holds on to it. No larger than the files, which have
// their limits; how many pages these take is the machine's matter.
void writeLayer(const EtcFiles& files, const std::string& scratch) {
    check(::mount("tmpfs", scratch.c_str(), "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=0755"), "mount",
        "a tmpfs for files in /etc");
    check(::chdir(scratch.c_str()), "go to", "the files for /etc");
    check(::mkdir(ownLayer, directoryOfAll), "make", "a directory for files in /etc");
    check(::chmod(ownLayer, directoryOfAll), "make", "a directory for files in /etc");
    for (const auto& [name, text] : files)
        writeFile(name, text);
}

UniqueFd mountOverlay() {
    const UniqueFd context(static_cast<int>(::syscall(SYS_fsopen, "overlay", FSOPEN_CLOEXEC)));
    if (!context)
        throw kernelError("open", "overlayfs (is the module overlay there?)", errno);
    const auto set = [&](const char* key, const char* value) {
        check(::syscall(SYS_fsconfig, context.get(), FSCONFIG_SET_STRING, key, value, 0), "tell overlayfs",
            key);
    };
    set("source", "nsd");
    set("lowerdir", "own:/etc"); // relative to the working directory
    check(
        ::syscall(SYS_fsconfig, context.get(), FSCONFIG_SET_FLAG, "ro", nullptr, 0), "tell overlayfs", "ro");
    check(::syscall(SYS_fsconfig, context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0), "make",
        "an overlay of /etc");
    UniqueFd mount(static_cast<int>(::syscall(SYS_fsmount, context.get(), FSMOUNT_CLOEXEC,
        MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)));
    if (!mount)
        throw kernelError("mount", "an overlay of /etc", errno);
    return mount;
}

} // namespace

UniqueFd makeEtc(const EtcFiles& files, const std::string& scratch) {
    ChildProcess child([&](const ParentChannel& worker) {
        check(::unshare(CLONE_NEWNS), "unshare", "a mount namespace");
        makeMountsSlave();
        writeLayer(files, scratch);
        worker.give(mountOverlay().get());
    });
    return child.receiveFd();
}

} // namespace nsd::worker
