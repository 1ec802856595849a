// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/holder_scan.hpp"

#include "daemon/worker/process_info.hpp"

#include <string_view>
#include <unistd.h>

namespace nsd::worker {
namespace {

// Process 1 of a pid namespace, as it sees itself: the last number is that of the innermost.
bool isProcessOne(const ProcFs& proc, pid_t pid) {
    const auto pids = statusLine(proc, pid, "NSpid").value_or("");
    const auto last = pids.find_last_of(" \t");
    return last != std::string::npos && pids.substr(last + 1) == "1";
}

} // namespace

std::string HolderScan::Task::link(std::string_view file) const {
    return directory + "/ns/" + std::string(file);
}

HolderScan::HolderScan(
    const ProcFs& proc, const HolderQuery& query, const std::vector<pid_t>& ignored, int netNs)
    : proc_(proc),
      targets_(proc, query.namespaces),
      ignored_(ignored.begin(), ignored.end()),
      sockets_(proc, netNs),
      rows_(proc),
      mounts_(proc, targets_, rows_, ::getppid(), query.ownMounts),
      descriptors_(proc, targets_, sockets_, rows_, query.leases) {
    ignored_.insert(::getpid());
}

std::vector<Holder> HolderScan::run() {
    for (const auto pid : listProcesses(proc_))
        lookAt(pid);
    mounts_.lookAtRest();
    descriptors_.addRest();
    return rows_.take();
}

void HolderScan::lookAt(pid_t pid) {
    mounts_.lookAt(pid);
    const auto info = ignored_.contains(pid) ? std::nullopt : processInfo(proc_, pid);
    if (!info)
        return;
    if (info->dead) {
        lookAtZombie(pid);
        return;
    }
    const Task process{pid, std::to_string(pid)};
    std::vector<Task> threads;
    std::vector<pid_t> numbers;
    if (info->threaded)
        numbers = listNumbers(proc_, process.directory + "/task");
    std::erase(numbers, pid);
    for (const auto number : numbers)
        threads.push_back({number, process.directory + "/task/" + std::to_string(number)});
    lookAtHomes(process, threads);
    lookAtChildren(pid, process);
    lookAtNamespacesBelow(pid, process);
    for (const auto& thread : threads) {
        lookAtChildren(pid, thread);
        lookAtNamespacesBelow(pid, thread);
    }
    descriptors_.lookAt(pid, numbers);
}

// It has left all namespaces but two: its number is one of a pid namespace, its ids are of a user namespace.
void HolderScan::lookAtZombie(pid_t pid) {
    const Task process{pid, std::to_string(pid)};
    for (const auto type : {NamespaceType::Pid, NamespaceType::User})
        for (const auto target : targets_.matchLink(process.link(toWord(type)), type))
            add("zombie", pid, target,
                "it has ended, and its parent, process " + statusLine(proc_, pid, "PPid").value_or("?") +
                    ", has not waited for it");
}

void HolderScan::lookAtHomes(const Task& process, const std::vector<Task>& threads) {
    for (const auto type : targets_.types()) {
        const auto own = targets_.matchLink(process.link(toWord(type)), type);
        for (const auto target : own) {
            const bool init = type == NamespaceType::Pid && isProcessOne(proc_, process.number);
            add(init ? "init" : "process", process.number, target,
                init ? "process 1 of the namespace" : "lives in it");
        }
        if (!own.empty())
            continue;
        for (const auto& thread : threads)
            for (const auto target : targets_.matchLink(thread.link(toWord(type)), type))
                gather("thread", process.number, target, "thread " + std::to_string(thread.number));
    }
}

void HolderScan::lookAtChildren(pid_t pid, const Task& task) {
    const std::string whose = task.number == pid ? "its children" : "children of thread ";
    for (const auto type : {NamespaceType::Pid, NamespaceType::Time}) {
        if (!targets_.types().contains(type))
            continue;
        const auto own = targets_.matchLink(task.link(toWord(type)), type);
        for (const auto target : targets_.matchLink(task.link(procFileAfterUnshare(type)), type))
            if (!own.contains(target))
                gather("children", pid, target,
                    whose + (task.number == pid ? "" : std::to_string(task.number)) + " will live in it");
    }
}

void HolderScan::lookAtNamespacesBelow(pid_t pid, const Task& task) {
    if (!targets_.haveNamespacesBelow())
        return;
    for (const auto type : allNamespaceTypes) {
        const auto link = task.link(toWord(type));
        const auto inode = targets_.inodeOf(link);
        // One process of each is enough, and the namespaces asked about may own each other.
        if (!inode || !targets_.matchInode(type, *inode).empty() || seenBelow_.contains({type, *inode}))
            continue;
        for (const auto& [target, relation] : targets_.relationsOf(link, type)) {
            seenBelow_.insert({type, *inode});
            add("namespace", pid, target,
                "lives in " + std::string(toWord(type)) + ":[" + std::to_string(*inode) + "], which " +
                    relation);
        }
    }
}

void HolderScan::add(const std::string& kind, pid_t pid, std::size_t target, const std::string& detail) {
    rows_.add(kind, pid, std::string(toWord(targets_.at(target).type)), detail);
}

void HolderScan::gather(const std::string& kind, pid_t pid, std::size_t target, const std::string& reason) {
    rows_.gather(kind, pid, std::string(toWord(targets_.at(target).type)), reason);
}

} // namespace nsd::worker
