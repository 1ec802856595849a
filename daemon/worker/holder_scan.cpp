// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/holder_scan.hpp"

#include "daemon/worker/mount_scan.hpp"
#include "daemon/worker/process_info.hpp"

#include <array>
#include <charconv>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace nsd::worker {
namespace {

std::string linkOf(pid_t pid, std::string_view file) {
    return std::to_string(pid) + "/ns/" + std::string(file);
}

// Process 1 of a pid namespace, as it sees itself: the last number is that of the innermost.
bool isProcessOne(const ProcFs& proc, pid_t pid) {
    const auto pids = statusLine(proc, pid, "NSpid").value_or("");
    const auto last = pids.find_last_of(" \t");
    return last != std::string::npos && pids.substr(last + 1) == "1";
}

std::string readLink(const ProcFs& proc, const std::string& path) {
    std::array<char, 256> text{}; // a longer one is no namespace
    const auto length = ::readlinkat(proc.get(), path.c_str(), text.data(), text.size());
    return length < 0 ? std::string() : std::string(text.data(), static_cast<std::size_t>(length));
}

// The inode as the kernel remembers it, since Linux 5.14.
std::uint64_t inodeOfFdinfo(const std::string& fdinfo) {
    constexpr std::string_view key = "\nino:\t";
    const auto at = fdinfo.find(key);
    std::uint64_t inode = 0;
    if (at != std::string::npos)
        std::from_chars(fdinfo.data() + at + key.size(), fdinfo.data() + fdinfo.size(), inode);
    return inode;
}

} // namespace

HolderScan::HolderScan(
    const ProcFs& proc, std::vector<NamespaceIdentity> namespaces, const std::vector<pid_t>& ignored)
    : proc_(proc), targets_(proc, std::move(namespaces)), ignored_(ignored.begin(), ignored.end()) {
    ignored_.insert(::getpid());
}

std::vector<Holder> HolderScan::run() {
    for (const auto pid : listProcesses(proc_))
        lookAt(pid);
    return std::move(holders_);
}

void HolderScan::lookAt(pid_t pid) {
    lookAtMounts(pid);
    if (ignored_.contains(pid))
        return;
    lookAtHomes(pid);
    lookAtChildren(pid);
    lookAtNamespaceBelow(pid);
    lookAtDescriptors(pid);
}

void HolderScan::lookAtHomes(pid_t pid) {
    const auto info = processInfo(proc_, pid);
    if (!info || info->dead)
        return;
    for (const auto type : targets_.types()) {
        const auto own = targets_.matchLink(linkOf(pid, toWord(type)), type);
        for (const auto target : own) {
            const bool init = type == NamespaceType::Pid && isProcessOne(proc_, pid);
            add(init ? "init" : "process", pid, target, init ? "process 1 of the namespace" : "lives in it");
        }
        if (!info->threaded || !own.empty())
            continue;
        NamespaceTargets::Matches ofThreads;
        for (const auto& thread : listThreads(proc_, pid))
            ofThreads.merge(targets_.matchLink(thread + "/ns/" + std::string(toWord(type)), type));
        for (const auto target : ofThreads)
            add("process", pid, target, "one of its threads lives in it");
    }
}

void HolderScan::lookAtChildren(pid_t pid) {
    for (const auto type : {NamespaceType::Pid, NamespaceType::Time}) {
        if (!targets_.types().contains(type))
            continue;
        const auto own = targets_.matchLink(linkOf(pid, toWord(type)), type);
        for (const auto target : targets_.matchLink(linkOf(pid, procFileAfterUnshare(type)), type))
            if (!own.contains(target))
                add("children", pid, target, "its children will live in it");
    }
}

void HolderScan::lookAtNamespaceBelow(pid_t pid) {
    if (!targets_.types().contains(NamespaceType::User) && !targets_.types().contains(NamespaceType::Pid))
        return;
    for (const auto type : allNamespaceTypes) {
        const auto link = linkOf(pid, toWord(type));
        const auto inode = targets_.inodeOf(link);
        // One process of each is enough, and the namespaces asked about may own each other.
        if (!inode || !targets_.matchInode(type, *inode).empty() || seenBelow_.contains({type, *inode}))
            continue;
        for (const auto target : targets_.matchAncestors(link, type)) {
            seenBelow_.insert({type, *inode});
            add("namespace", pid, target,
                "lives in " + std::string(toWord(type)) + ":[" + std::to_string(*inode) +
                    "], which lies below it");
        }
    }
}

// Asks the file's own file system nothing: it may be one whose server does not answer.
NamespaceTargets::Matches HolderScan::matchDescriptor(const std::string& directory, int fd) {
    const auto number = std::to_string(fd);
    const auto link = directory + "/fd/" + number;
    const auto text = readLink(proc_, link);
    if (const auto what = parseNamespaceText(text))
        return targets_.matchLink(link, what->type);
    // Opened through a mount it shows the path of that: only the inode is left to tell.
    if (text.empty() || text.front() != '/')
        return {};
    const auto inode = inodeOfFdinfo(proc_.read(directory + "/fdinfo/" + number).value_or(""));
    for (const auto type : targets_.types())
        if (inode != 0 && !targets_.matchInode(type, inode).empty())
            return targets_.matchLink(link, type);
    return {};
}

void HolderScan::lookAtDescriptors(pid_t pid) {
    const auto directory = std::to_string(pid);
    for (const auto fd : listNumbers(proc_, directory + "/fd"))
        for (const auto target : matchDescriptor(directory, fd))
            add("fd", pid, target, "fd " + std::to_string(fd));
}

void HolderScan::lookAtMounts(pid_t pid) {
    const auto inode = targets_.inodeOf(linkOf(pid, "mnt"));
    if (!inode || !seenMountNamespaces_.insert(*inode).second)
        return;
    const auto mountinfo = proc_.read(std::to_string(pid) + "/mountinfo");
    if (!mountinfo) { // it went meanwhile; another process may live there
        seenMountNamespaces_.erase(*inode);
        return;
    }
    for (const auto& mount : namespaceMounts(*mountinfo))
        for (const auto target : targets_.matchInode(mount.type, mount.inode))
            add(mount.pin ? "pin" : "mount", mount.pin ? 0 : pid, target,
                "mounted at " + mount.target +
                    (mount.pin ? "" : " in the mount namespace of process " + std::to_string(pid)));
}

void HolderScan::add(const std::string& kind, pid_t pid, std::size_t target, const std::string& detail) {
    Holder holder;
    holder.kind = kind;
    holder.type = toWord(targets_.at(target).type);
    holder.detail = detail;
    if (pid != 0) {
        holder.pid = static_cast<std::uint32_t>(pid);
        const auto info = processInfo(proc_, pid);
        holder.comm = info ? info->comm : std::string();
        holder.uid = effectiveUid(proc_, pid);
    }
    holders_.push_back(std::move(holder));
}

} // namespace nsd::worker
