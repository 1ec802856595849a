// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/mount_holders.hpp"

#include "daemon/worker/empty_mount_namespaces.hpp"

namespace nsd::worker {
namespace {

std::string textOf(const NamespaceMount& mount) {
    return std::string(toWord(mount.type)) + ":[" + std::to_string(mount.inode) + ']';
}

} // namespace

MountHolders::MountHolders(const ProcFs& proc, NamespaceTargets& targets, HolderRows& rows, pid_t daemon,
    const std::vector<std::string>& ownMounts)
    : proc_(proc),
      targets_(targets),
      rows_(rows),
      daemon_(daemon),
      ownMounts_(ownMounts.begin(), ownMounts.end()) {
    lookAt(daemon_);
}

void MountHolders::lookAt(pid_t pid) {
    const auto inode = targets_.inodeOf(std::to_string(pid) + "/ns/mnt");
    if (!inode || !seen_.insert(*inode).second)
        return;
    const auto mountinfo = proc_.read(std::to_string(pid) + "/mountinfo");
    if (!mountinfo) { // it went meanwhile; another process may live there
        seen_.erase(*inode);
        return;
    }
    for (const auto& mount : namespaceMounts(*mountinfo)) {
        if (pid == daemon_ && (mount.pin || ownMounts_.contains(mount.target)))
            lookAtOwn(mount);
        else if (!own_.contains({mount.target, mount.inode}))
            for (const auto target : targets_.matchInode(mount.type, mount.inode))
                add("mount", pid, target,
                    "mounted at " + mount.target + " in the mount namespace of process " +
                        std::to_string(pid));
    }
}

void MountHolders::lookAtRest() {
    for (const auto& [inode, mounts] : mountsWhereNobodyLives(proc_, seen_))
        for (const auto& mount : mounts)
            if (!own_.contains({mount.target, mount.inode}))
                for (const auto target : targets_.matchInode(mount.type, mount.inode))
                    add("mount", 0, target,
                        "mounted at " + mount.target + " in mnt:[" + std::to_string(inode) +
                            "], where nobody lives");
}

void MountHolders::lookAtOwn(const NamespaceMount& mount) {
    own_.emplace(mount.target, mount.inode);
    const auto pinned = targets_.matchInode(mount.type, mount.inode);
    for (const auto target : pinned)
        add("pin", 0, target, "mounted at " + mount.target);
    // Nothing on the way there is anybody else's, so that it can be opened without a risk.
    if (!pinned.empty() || !targets_.haveNamespacesBelow())
        return;
    const auto link = std::to_string(daemon_) + "/root" + mount.target;
    if (targets_.inodeOf(link) != mount.inode)
        return;
    for (const auto& [target, relation] : targets_.relationsOf(link, mount.type))
        add("namespace", 0, target, textOf(mount) + ", mounted at " + mount.target + ", " + relation);
}

void MountHolders::add(const std::string& kind, pid_t pid, std::size_t target, const std::string& detail) {
    rows_.add(kind, pid, std::string(toWord(targets_.at(target).type)), detail);
}

} // namespace nsd::worker
