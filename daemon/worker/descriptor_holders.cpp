// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/descriptor_holders.hpp"

#include "daemon/worker/mount_scan.hpp"
#include "daemon/worker/process_info.hpp"

#include <array>
#include <charconv>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace nsd::worker {
namespace {

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

// "socket:[4711]"
std::optional<std::uint64_t> socketInode(std::string_view text) {
    constexpr std::string_view before = "socket:[";
    std::uint64_t inode = 0;
    if (!text.starts_with(before))
        return std::nullopt;
    const auto [stop, problem] =
        std::from_chars(text.data() + before.size(), text.data() + text.size(), inode);
    return problem == std::errc() ? std::optional(inode) : std::nullopt;
}

// Where the kernel does not say (kcmp(2) is not built in), they are taken for the same: so are nearly all.
bool haveOtherTables(pid_t one, pid_t other) {
    return ::syscall(SYS_kcmp, one, other, KCMP_FILES, 0UL, 0UL) > 0;
}

bool isFile(const ProcFs& proc, const std::string& link, const LeaseFile& file) {
    struct statx status {};
    return ::statx(proc.get(), link.c_str(), AT_STATX_DONT_SYNC, STATX_INO, &status) == 0 &&
           status.stx_ino == file.inode && makedev(status.stx_dev_major, status.stx_dev_minor) == file.device;
}

} // namespace

DescriptorHolders::DescriptorHolders(const ProcFs& proc, NamespaceTargets& targets, SocketTables& sockets,
    HolderRows& rows, const std::vector<LeaseFile>& leases)
    : proc_(proc), targets_(targets), sockets_(sockets), rows_(rows), leases_(leases) {
    for (std::size_t i = 0; i < leases_.size(); ++i)
        byInode_.emplace(leases_[i].inode, i);
}

std::vector<DescriptorHolders::Table> DescriptorHolders::tablesOf(
    pid_t pid, const std::vector<pid_t>& threads) {
    std::vector<Table> tables{{pid, std::to_string(pid), ""}};
    for (pid_t last = pid; const auto thread : threads) {
        if (!haveOtherTables(pid, thread) || (last != pid && !haveOtherTables(last, thread)))
            continue;
        last = thread;
        const auto number = std::to_string(thread);
        tables.push_back({pid, std::to_string(pid) + "/task/" + number, " of thread " + number});
    }
    return tables;
}

void DescriptorHolders::lookAt(pid_t pid, const std::vector<pid_t>& threads) {
    for (const auto& table : tablesOf(pid, threads))
        lookAtTable(table);
}

void DescriptorHolders::lookAtTable(const Table& table) {
    const bool sockets = targets_.types().contains(NamespaceType::Net);
    SocketHomes homes(targets_, sockets_, table.directory);
    for (const auto number : listNumbers(proc_, table.directory + "/fd")) {
        Descriptor fd{table, std::to_string(number), ""};
        fd.text = readLink(proc_, fd.link());
        if (const auto what = parseNamespaceText(fd.text))
            lookAtNamespace(fd, what->type);
        else if (const auto inode = sockets ? socketInode(fd.text) : std::nullopt)
            addSocket(fd, homes.look(number, *inode));
        else if (sockets && fd.text.ends_with("/net/tun"))
            addSocket(fd, homes.lookAtTunnel(number));
        else if (fd.text.starts_with('/'))
            lookAtFile(fd);
    }
}

void DescriptorHolders::lookAtNamespace(const Descriptor& fd, NamespaceType type) {
    const auto own = targets_.matchLink(fd.link(), type);
    for (const auto target : own)
        gather("fd", fd.table.pid, target, fd.name());
    if (!own.empty())
        return;
    for (const auto& [target, relation] : targets_.relationsOf(fd.link(), type))
        gather("namespace", fd.table.pid, target, fd.name() + " is " + fd.text + ", which " + relation);
}

// Opened through a mount, a namespace shows the path of that, as a FIFO does: only the inode tells.
void DescriptorHolders::lookAtFile(const Descriptor& fd) {
    const auto inode = inodeOfFdinfo(proc_.read(fd.table.directory + "/fdinfo/" + fd.number).value_or(""));
    if (inode == 0)
        return;
    lookAtLease(fd, inode);
    for (const auto type : targets_.types())
        if (!targets_.matchInode(type, inode).empty())
            for (const auto target : targets_.matchLink(fd.link(), type))
                gather("fd", fd.table.pid, target, fd.name());
}

void DescriptorHolders::lookAtLease(const Descriptor& fd, std::uint64_t inode) {
    const auto [first, last] = byInode_.equal_range(inode);
    for (auto found = first; found != last; ++found) {
        const auto& lease = leases_[found->second];
        if (!isFile(proc_, fd.link(), lease))
            continue;
        rows_.gather("lease", fd.table.pid, "", lease.text + " (" + fd.name() + ')');
        if (effectiveUid(proc_, fd.table.pid) == lease.uid)
            shownToTheirs_.insert(found->second);
    }
}

void DescriptorHolders::addRest() {
    for (std::size_t i = 0; i < leases_.size(); ++i)
        if (!shownToTheirs_.contains(i))
            rows_.add("lease", 0, "", leases_[i].text, leases_[i].uid);
}

void DescriptorHolders::addSocket(const Descriptor& fd, const SocketHomes::Home& home) {
    for (const auto target : home.targets)
        gather("socket", fd.table.pid, target, fd.name() + " (" + home.what + ')');
}

void DescriptorHolders::gather(
    const std::string& kind, pid_t pid, std::size_t target, const std::string& reason) {
    rows_.gather(kind, pid, std::string(toWord(targets_.at(target).type)), reason);
}

} // namespace nsd::worker
