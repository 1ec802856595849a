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

// One step up: the parent of a pid namespace; else the user namespace that owns it, which for user is
// its parent. Invalid at the top.
UniqueFd above(int fd, NamespaceType typeAbove) {
    return UniqueFd(::ioctl(fd, typeAbove == NamespaceType::Pid ? NS_GET_PARENT : NS_GET_USERNS));
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

NamespaceTargets::Matches NamespaceTargets::matchOpen(int fd, NamespaceType type) const {
    struct stat status {};
    if (::fstat(fd, &status) != 0)
        return {};
    const auto candidates = matchInode(type, status.st_ino);
    return candidates.empty() ? candidates : confirmed(candidates, fd);
}

NamespaceTargets::Matches NamespaceTargets::matchLink(const std::string& link, NamespaceType type) {
    const auto inode = inodeOf(link);
    const auto candidates = inode ? matchInode(type, *inode) : Matches();
    if (candidates.empty())
        return {};
    const auto fd = proc_.tryOpen(link, O_RDONLY);
    return fd ? confirmed(candidates, fd.get()) : Matches();
}

NamespaceTargets::Matches NamespaceTargets::climb(
    const std::string& link, NamespaceType type, Way way) const {
    Matches matches;
    // Above anything but a pid namespace there are user namespaces alone.
    const bool parents = type == NamespaceType::Pid && way == Way::Parents;
    const auto typeAbove = parents ? NamespaceType::Pid : NamespaceType::User;
    for (auto fd = proc_.tryOpen(link, O_RDONLY); fd;) {
        fd = above(fd.get(), typeAbove);
        if (fd)
            matches.merge(matchOpen(fd.get(), typeAbove));
    }
    return matches;
}

NamespaceTargets::Matches NamespaceTargets::remembered(
    Known& known, const std::string& link, NamespaceType type, Way way) {
    const auto inode = inodeOf(link);
    if (!inode)
        return {};
    const Key key{type, *inode};
    const auto found = known.find(key);
    return found != known.end() ? found->second : known[key] = climb(link, type, way);
}

NamespaceTargets::Matches NamespaceTargets::matchAncestors(const std::string& link, NamespaceType type) {
    return remembered(ancestors_, link, type, Way::Parents);
}

bool NamespaceTargets::haveNamespacesBelow() const noexcept {
    return types_.contains(NamespaceType::User) || types_.contains(NamespaceType::Pid);
}

NamespaceTargets::Relations NamespaceTargets::relationsOf(const std::string& link, NamespaceType type) {
    Relations relations;
    if (!haveNamespacesBelow())
        return relations;
    // A pid namespace has a parent and an owner, which need not lie above each other.
    if (type == NamespaceType::Pid)
        for (const auto target : remembered(owners_, link, type, Way::Owners))
            relations.emplace(target, "belongs to it");
    for (const auto target : matchAncestors(link, type))
        relations.emplace(target, targets_[target].type == type ? "lies below it" : "belongs to it");
    return relations;
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
