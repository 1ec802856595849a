// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/live/process_scan.hpp"

#include "client/read_all.hpp"
#include "common/directory_entries.hpp"
#include "common/error.hpp"
#include "common/unique_fd.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <optional>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd::client {
namespace {

std::optional<pid_t> pidOf(const std::string& name) {
    pid_t pid = 0;
    const auto* end = name.data() + name.size();
    const auto [at, problem] = std::from_chars(name.data(), end, pid);
    return problem == std::errc() && at == end ? std::optional(pid) : std::nullopt;
}

// "net:[4026531840]"
std::uint64_t inodeIn(int directory, const std::string& link) {
    std::array<char, 64> text{};
    const auto size = ::readlinkat(directory, link.c_str(), text.data(), text.size());
    const char* const begin = text.data();
    const char* const end = begin + std::max<ssize_t>(size, 0);
    const auto* bracket = std::find(begin, end, '[');
    std::uint64_t inode = 0;
    if (bracket != end)
        std::from_chars(bracket + 1, end, inode);
    return inode;
}

// comm is in brackets, and may have any in it; then: state, parent, …, resident pages as field 24.
void readStat(const std::string& stat, SeenProcess& process) {
    const auto open = stat.find('(');
    const auto close = stat.rfind(')');
    if (open == std::string::npos || close == std::string::npos)
        return;
    process.comm = stat.substr(open + 1, close - open - 1);
    std::istringstream fields(stat.substr(close + 1));
    std::string field;
    constexpr int parent = 4;
    constexpr int residentPages = 24;
    for (int number = 3; number <= residentPages && fields >> field; ++number) {
        if (number == parent)
            process.parent = pidOf(field).value_or(0);
        if (number == residentPages)
            process.memory = static_cast<std::uint64_t>(std::stoull(field)) *
                             static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
    }
}

std::optional<SeenProcess> see(int proc, const std::string& entry, pid_t pid) {
    const UniqueFd directory(::openat(proc, entry.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    struct stat status {};
    if (!directory || ::fstat(directory.get(), &status) != 0)
        return std::nullopt;
    SeenProcess process;
    process.pid = pid;
    process.user = status.st_uid;
    for (const auto type : NamespaceTypes::all())
        if (const auto inode = inodeIn(directory.get(), "ns/" + std::string(toWord(type))); inode != 0)
            process.in.emplace(type, inode);
    const UniqueFd stat(::openat(directory.get(), "stat", O_RDONLY | O_CLOEXEC));
    if (process.in.empty() || !stat)
        return std::nullopt;
    try {
        readStat(readAll(stat.get(), "stat"), process);
    } catch (const Error&) {
        return std::nullopt; // ESRCH: it has ended
    }
    return process;
}

} // namespace

std::vector<SeenProcess> seenProcesses(const std::string& proc) {
    const UniqueFd directory(::open(proc.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory)
        throw kernelError("open", proc, errno);
    std::vector<SeenProcess> processes;
    for (const auto& entry : entriesOf(directory.get()))
        if (const auto pid = pidOf(entry))
            if (auto process = see(directory.get(), entry, *pid))
                processes.push_back(*std::move(process));
    std::sort(processes.begin(), processes.end(), [](const auto& a, const auto& b) { return a.pid < b.pid; });
    return processes;
}

std::vector<std::string> sharedTypes(
    const SeenProcess& process, const std::map<std::string, std::uint64_t>& inodes) {
    std::vector<std::string> types;
    for (const auto& [type, inode] : process.in)
        if (const auto found = inodes.find(std::string(toWord(type)));
            found != inodes.end() && found->second == inode)
            types.push_back(found->first);
    return types;
}

} // namespace nsd::client
