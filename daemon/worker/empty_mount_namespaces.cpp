// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/empty_mount_namespaces.hpp"

#include "common/error.hpp"
#include "common/linux_numbers.hpp"
#include "daemon/worker/child_process.hpp"
#include "daemon/worker/privileges.hpp"

#include <charconv>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sstream>
#include <string>
#include <sys/ioctl.h>
#include <sys/stat.h>

namespace nsd::worker {
namespace {

constexpr int patience = 2000;         // milliseconds
constexpr char beginOfNamespace = '@'; // and its inode; the lines of its table follow

UniqueFd neighbour(int mountNs, unsigned long direction) {
    linux_numbers::MountNamespaceInfo info{};
    return UniqueFd(::ioctl(mountNs, direction, &info));
}

// The lines about nsfs in the table of the namespace where this process is now.
std::string linesOfNsfs(const ProcFs& proc) {
    std::istringstream lines(proc.read("self/mountinfo").value_or(""));
    std::string found;
    for (std::string line; std::getline(lines, line);)
        if (line.find(" - nsfs ") != std::string::npos)
            found += line + '\n';
    return found;
}

std::string lookInto(int mountNs, const ProcFs& proc, const std::set<std::uint64_t>& seen) {
    struct stat status {};
    if (::fstat(mountNs, &status) != 0 || seen.contains(status.st_ino) || ::setns(mountNs, CLONE_NEWNS) != 0)
        return {};
    const auto lines = linesOfNsfs(proc);
    return lines.empty() ? lines : beginOfNamespace + std::to_string(status.st_ino) + '\n' + lines;
}

std::string lookIntoAll(const ProcFs& proc, const std::set<std::uint64_t>& seen) {
    makeUndumpable();
    std::string found;
    const auto start = proc.open("self/ns/mnt", O_RDONLY);
    for (const auto direction : {linux_numbers::nsMntGetNext, linux_numbers::nsMntGetPrev})
        for (auto here = neighbour(start.get(), direction); here; here = neighbour(here.get(), direction))
            found += lookInto(here.get(), proc, seen);
    return found;
}

} // namespace

std::map<std::uint64_t, std::vector<NamespaceMount>> mountsWhereNobodyLives(
    const ProcFs& proc, const std::set<std::uint64_t>& seen) {
    ChildProcess child([&](ParentChannel& parent) { parent.tell(lookIntoAll(proc, seen)); });
    pollfd told{child.socket(), POLLIN, 0};
    if (::poll(&told, 1, patience) <= 0)
        return {};
    std::istringstream lines(child.receive());
    std::map<std::uint64_t, std::string> tables;
    std::uint64_t inode = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with(beginOfNamespace))
            std::from_chars(line.data() + 1, line.data() + line.size(), inode);
        else
            tables[inode] += line + '\n';
    }
    std::map<std::uint64_t, std::vector<NamespaceMount>> mounts;
    for (const auto& [where, table] : tables)
        mounts.emplace(where, namespaceMounts(table));
    return mounts;
}

} // namespace nsd::worker
