// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/process_info.hpp"

#include "common/proc_stat.hpp"

#include <algorithm>
#include <charconv>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <sstream>

namespace nsd::worker {
namespace {

struct CloseDirectory {
    void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

std::optional<int> toNumber(std::string_view text) {
    int number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc() || stop != end)
        return std::nullopt;
    return number;
}

} // namespace

std::vector<int> listNumbers(const ProcFs& proc, const std::string& directory) {
    std::vector<int> numbers;
    auto fd = proc.tryOpen(directory, O_RDONLY | O_DIRECTORY);
    if (!fd)
        return numbers;
    const std::unique_ptr<DIR, CloseDirectory> entries(::fdopendir(fd.get()));
    if (!entries)
        return numbers;
    static_cast<void>(fd.release()); // closedir(3) closes it
    while (const auto* entry = ::readdir(entries.get()))
        if (const auto number = toNumber(entry->d_name))
            numbers.push_back(*number);
    std::sort(numbers.begin(), numbers.end());
    return numbers;
}

std::vector<pid_t> listProcesses(const ProcFs& proc) {
    return listNumbers(proc, ".");
}

std::vector<std::string> listThreads(const ProcFs& proc, pid_t pid) {
    const auto directory = std::to_string(pid) + "/task";
    std::vector<std::string> threads;
    for (const auto thread : listNumbers(proc, directory))
        threads.push_back(directory + '/' + std::to_string(thread));
    return threads;
}

std::optional<ProcessInfo> processInfo(const ProcFs& proc, pid_t pid) {
    const auto stat = proc.read(std::to_string(pid) + "/stat");
    if (!stat)
        return std::nullopt;
    // "17 (a (b) c) S …": the name may hold anything, so it ends at the last parenthesis.
    const auto open = stat->find('(');
    const auto close = stat->rfind(')');
    if (open == std::string::npos || close == std::string::npos || close < open)
        return std::nullopt;
    std::istringstream fields(stat->substr(close + 1));
    char state = 0;
    std::string skipped;
    long threads = 0;
    constexpr int fieldsBetweenStateAndThreads = 16; // proc(5): state is field 3, num_threads 20
    fields >> state;
    for (int i = 0; i < fieldsBetweenStateAndThreads; ++i)
        fields >> skipped;
    fields >> threads;
    ProcessInfo info;
    info.comm = stat->substr(open + 1, close - open - 1);
    // The first thread of a process may have ended before the others.
    info.threaded = threads > 1;
    info.dead = (state == 'Z' || state == 'X') && !info.threaded;
    return info;
}

std::uint64_t startTimeOf(const ProcFs& proc, pid_t pid) {
    return startTimeInStat(proc.read(std::to_string(pid) + "/stat").value_or(""));
}

std::optional<std::string> statusLine(const ProcFs& proc, pid_t pid, const std::string& key) {
    const auto status = proc.read(std::to_string(pid) + "/status");
    if (!status)
        return std::nullopt;
    std::istringstream lines(*status);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind(key + ':', 0) != 0)
            continue;
        const auto begin = line.find_first_not_of(" \t", key.size() + 1);
        return begin == std::string::npos ? std::string() : line.substr(begin);
    }
    return std::nullopt;
}

std::uint32_t effectiveUid(const ProcFs& proc, pid_t pid) {
    constexpr std::uint32_t nobody = 0xffffffff;
    std::istringstream uids(statusLine(proc, pid, "Uid").value_or(""));
    std::uint32_t real = nobody;
    std::uint32_t effective = nobody;
    return uids >> real >> effective ? effective : nobody;
}

} // namespace nsd::worker
