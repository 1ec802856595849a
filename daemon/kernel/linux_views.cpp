// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/linux_views.hpp"

#include "common/error.hpp"
#include "daemon/kernel/mount_point.hpp"
#include "daemon/kernel/worker_answer.hpp"

#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <utility>
#include <vector>

namespace nsd {
namespace {

NamespaceIdentity ownMountNamespace() {
    const UniqueFd fd(::open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC));
    if (!fd)
        throw kernelError("open", "/proc/self/ns/mnt", errno);
    return identifyNamespace(fd.get());
}

UniqueFd viewOf(WorkerAnswer answer) {
    static_cast<void>(replyOf<protocol::ViewReply>(answer));
    if (answer.fds.size() != 1 || identifyNamespace(answer.fds.front().get()).type != NamespaceType::Mnt)
        throw Error(Errc::KernelError, "a worker answered without the mount namespace");
    return std::move(answer.fds.front());
}

} // namespace

LinuxViews::LinuxViews(WorkerPool& pool, std::string runtimeDirectory, std::chrono::microseconds deadline)
    : pool_(pool),
      runtimeDirectory_(std::move(runtimeDirectory)),
      deadline_(deadline),
      hostMounts_(ownMountNamespace()) {}

void LinuxViews::makeView(ViewOrder order, Completion<UniqueFd> done) {
    const auto owned = std::make_shared<std::vector<UniqueFd>>();
    // Without what is mounted below: the pins.
    owned->push_back(copyOfMount(AT_FDCWD, runtimeDirectory_));
    owned->push_back(std::move(order.net));
    const bool withUser = order.user.valid();
    if (withUser)
        owned->push_back(std::move(order.user));
    const bool withEtc = order.etc.valid();
    if (withEtc)
        owned->push_back(std::move(order.etc));
    std::vector<int> fds;
    for (const auto& fd : *owned)
        fds.push_back(fd.get());
    pool_.submit(WorkKind::Make,
        {"prepare what commands see",
            protocol::ViewRequest{runtimeDirectory_, withUser, withEtc, std::move(order.etcFiles)},
            std::move(fds), deadline_, [owned] { owned->clear(); },
            [done = std::move(done)](
                Outcome<WorkerAnswer> outcome) { done(translate<UniqueFd>(std::move(outcome), viewOf)); }});
}

} // namespace nsd
