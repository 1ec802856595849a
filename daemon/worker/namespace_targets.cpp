// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/namespace_targets.hpp"

#include "common/error.hpp"
#include "common/linux_numbers.hpp"
#include "daemon/worker/process_info.hpp"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

namespace nsd::worker {
namespace {

std::string linkOf(const std::string& process, NamespaceType type) {
    return process + "/ns/" + std::string(toWord(type));
}

// One step up: the parent of a pid namespace; of all others the user namespace that owns them,
// which for user is its parent. Invalid at the top.
UniqueFd parentOf(int fd, NamespaceType type) {
    const auto request = type == NamespaceType::Pid ? NS_GET_PARENT : NS_GET_USERNS;
    return UniqueFd(::ioctl(fd, request));
}

} // namespace

NamespaceTargets::NamespaceTargets(const ProcFs& proc, std::vector<NamespaceIdentity> targets)
    : proc_(proc), targets_(std::move(targets)) {
    for (std::size_t i = 0; i < targets_.size(); ++i) {
        types_.insert(targets_[i].type);
        byInode_[{targets_[i].type, targets_[i].inode}].insert(i);
    }
}

std::optional<std::uint64_t> NamespaceTargets::inodeOf(const std::string& link) const {
    struct stat status {};
    if (::fstatat(proc_.get(), link.c_str(), &status, 0) != 0)
        return std::nullopt;
    return status.st_ino;
}

NamespaceTargets::Matches NamespaceTargets::matchInode(NamespaceType type, std::uint64_t inode) const {
    const auto found = byInode_.find({type, inode});
    return found == byInode_.end() ? Matches() : found->second;
}

// Inodes are reused: what a target was may be gone, and this be another.
NamespaceTargets::Matches NamespaceTargets::confirmed(const Matches& candidates, int fd) const {
    Matches matches;
    try {
        const auto identity = identifyNamespace(fd);
        for (const auto index : candidates)
            if (identity.sameAs(targets_[index]))
                matches.insert(index);
    } catch (const Error&) {
        return {};
    }
    return matches;
}

NamespaceTargets::Matches NamespaceTargets::matchLink(const std::string& link, NamespaceType type) {
    const auto inode = inodeOf(link);
    const auto candidates = inode ? matchInode(type, *inode) : Matches();
    if (candidates.empty())
        return {};
    const auto fd = proc_.tryOpen(link, O_RDONLY);
    return fd ? confirmed(candidates, fd.get()) : Matches();
}

NamespaceTargets::Matches NamespaceTargets::climb(const std::string& link, NamespaceType type) const {
    Matches matches;
    auto fd = proc_.tryOpen(link, O_RDONLY);
    // Above anything but a pid namespace there are user namespaces alone.
    const auto typeAbove = type == NamespaceType::Pid ? NamespaceType::Pid : NamespaceType::User;
    for (auto here = type; fd; here = typeAbove) {
        fd = parentOf(fd.get(), here);
        struct stat status {};
        if (fd && ::fstat(fd.get(), &status) == 0)
            matches.merge(confirmed(matchInode(typeAbove, status.st_ino), fd.get()));
    }
    return matches;
}

NamespaceTargets::Matches NamespaceTargets::matchAncestors(const std::string& link, NamespaceType type) {
    const auto inode = inodeOf(link);
    if (!inode)
        return {};
    const Key key{type, *inode};
    const auto known = ancestors_.find(key);
    return known != ancestors_.end() ? known->second : ancestors_[key] = climb(link, type);
}

NamespaceTargets::Matches NamespaceTargets::homesOf(pid_t pid, bool threaded) {
    Matches homes;
    const auto directory = std::to_string(pid);
    const auto threads = threaded ? listThreads(proc_, pid) : std::vector<std::string>{directory};
    for (const auto type : types_)
        for (const auto& thread : threads)
            homes.merge(matchLink(linkOf(thread, type), type));
    for (const auto type : {NamespaceType::Pid, NamespaceType::User})
        if (types_.contains(type))
            homes.merge(matchAncestors(linkOf(directory, type), type));
    return homes;
}

} // namespace nsd::worker
