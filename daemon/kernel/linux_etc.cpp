// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/linux_etc.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/kernel/mount_point.hpp"
#include "daemon/kernel/worker_answer.hpp"

#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

constexpr const char* leaf = "etc";
// Where iproute2 has them, for all who use `ip netns`.
constexpr const char* netnsDirectory = "/etc/netns/";

MadeEtc madeOf(WorkerAnswer answer) {
    auto& reply = replyOf<protocol::EtcReply>(answer);
    if (answer.fds.size() != (reply.files.empty() ? 0U : 1U))
        throw Error(Errc::KernelError, "a worker answered without the mount of an /etc");
    return {answer.fds.empty() ? UniqueFd() : std::move(answer.fds.front()), std::move(reply.files),
        std::move(reply.remarks)};
}

bool isMounted(int directory) {
    try {
        return isMountPoint(directory, leaf);
    } catch (const Error& error) {
        if (error.errnoValue() == ENOENT)
            return false;
        throw;
    }
}

} // namespace

void LinuxEtc::readDirectory(UniqueFd directory, const UserIds& caller, Completion<EtcFiles> done) {
    const auto owned = std::make_shared<UniqueFd>(std::move(directory));
    pool_.submit(
        WorkKind::Files, {"read files for /etc", protocol::EtcFilesRequest{caller}, {owned->get()}, deadline_,
                             [owned] { owned->reset(); },
                             [done = std::move(done)](Outcome<WorkerAnswer> outcome) {
                                 done(translate<EtcFiles>(std::move(outcome), [](WorkerAnswer answer) {
                                     return std::move(replyOf<protocol::EtcFilesReply>(answer).files);
                                 }));
                             }});
}

bool LinuxEtc::isNetnsKnown(const Name& name) const {
    return ::access((netnsDirectory + name.str()).c_str(), F_OK) == 0;
}

void LinuxEtc::make(
    const Name& name, const EtcFiles& defaults, const EtcFiles& own, Completion<MadeEtc> done) {
    pool_.submit(WorkKind::Make,
        {"make an /etc", protocol::EtcRequest{netnsDirectory + name.str(), defaults, own, runtimeDirectory_},
            {}, deadline_, {}, [done = std::move(done)](Outcome<WorkerAnswer> outcome) {
                done(translate<MadeEtc>(std::move(outcome), madeOf));
            }});
}

void LinuxEtc::mount(const MadeEtc& etc, int directory) {
    if (::mkdirat(directory, leaf, S_IRWXU) != 0)
        throw kernelError("mkdir", leaf, errno);
    if (::syscall(SYS_move_mount, etc.mount.get(), "", directory, leaf, MOVE_MOUNT_F_EMPTY_PATH) != 0) {
        const int error = errno;
        ::unlinkat(directory, leaf, AT_REMOVEDIR);
        throw kernelError("mount", "an /etc of its own", error);
    }
}

void LinuxEtc::remove(int directory) {
    const auto path = pathOfFd(directory) + '/' + leaf;
    while (isMounted(directory))
        if (::umount2(path.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW) != 0)
            throw kernelError("unmount", "its /etc", errno);
    // This ends the copies of the mount in others' mount namespaces, too.
    if (::unlinkat(directory, leaf, AT_REMOVEDIR) != 0 && errno != ENOENT)
        throw kernelError("remove", "its /etc", errno);
}

UniqueFd LinuxEtc::copy(int directory) {
    return isMounted(directory) ? copyOfMount(directory, leaf) : UniqueFd();
}

void LinuxEtc::refresh(int directory) {
    if (!isMounted(directory))
        return;
    // Without a change of any option: what it does besides is to forget all names that nobody uses. mount(2)
    // with MS_REMOUNT would do so as well, and have the service manager read the whole table of mounts again.
    const UniqueFd context(static_cast<int>(::syscall(
        SYS_fspick, directory, leaf, FSPICK_CLOEXEC | FSPICK_SYMLINK_NOFOLLOW | FSPICK_NO_AUTOMOUNT)));
    // "ro" is what it is; not to say so would mean "rw".
    if (!context || ::syscall(SYS_fsconfig, context.get(), FSCONFIG_SET_FLAG, "ro", nullptr, 0) != 0 ||
        ::syscall(SYS_fsconfig, context.get(), FSCONFIG_CMD_RECONFIGURE, nullptr, nullptr, 0) != 0)
        throw kernelError("refresh", "its /etc", errno);
}

} // namespace nsd
