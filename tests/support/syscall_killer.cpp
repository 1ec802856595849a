// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/syscall_killer.hpp"

#include <csignal>
#include <map>
#include <sstream>
#include <stdexcept>

namespace nsd::test {

namespace {

// "openat(AT_FDCWD, …"; not "+++ killed by SIGKILL +++" or "--- SIGTERM …". Calls that this strace is too
// old to know ("syscall_0x1ca(", listmount) are left out: it cannot act on them.
std::string callOf(const std::string& line) {
    const auto bracket = line.find('(');
    const auto name = line.substr(0, bracket);
    const bool isCall = !name.starts_with("syscall_0x") && bracket != std::string::npos && !name.empty() &&
                        name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string::npos;
    return isCall ? name : std::string();
}

} // namespace

SyscallKiller::SyscallKiller(pid_t process, const std::optional<KillPoint>& killAt) {
    Arguments argv{"strace", "-p", std::to_string(process), "-o", directory_ / "calls"};
    if (killAt) {
        argv.insert(
            argv.end(), {"-e", "trace=" + killAt->call, "-e",
                            "inject=" + killAt->call + ":signal=KILL:when=" + std::to_string(killAt->n)});
    }
    strace_ = std::make_unique<BackgroundProcess>(argv, CommandOptions{}, directory_ / "log");
    const auto attached = [&] { return readFile(directory_ / "log").find("attached") != std::string::npos; };
    if (!eventually([&] { return attached() || strace_->wait(std::chrono::milliseconds(0)); }) || !attached())
        throw std::runtime_error("strace does not attach: " + readFile(directory_ / "log"));
}

std::vector<KillPoint> SyscallKiller::finish() {
    strace_->signal(SIGTERM);
    strace_->wait(std::chrono::seconds(10));
    std::vector<KillPoint> points;
    std::map<std::string, unsigned> counts;
    std::istringstream lines(readFile(directory_ / "calls"));
    for (std::string line; std::getline(lines, line);) {
        const auto call = callOf(line);
        if (!call.empty())
            points.push_back({call, ++counts[call]});
    }
    return points;
}

} // namespace nsd::test
