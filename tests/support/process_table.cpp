// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/process_table.hpp"

#include "tests/support/command.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <set>
#include <sstream>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace nsd::test {

namespace {

bool isNumber(const std::string& text) {
    return text.find_first_not_of("0123456789") == std::string::npos;
}

// "socket:[123]" → "socket": the number is new with every socket.
std::string withoutNumber(const std::string& target) {
    const auto bracket = target.find(":[");
    const bool numbered = bracket != std::string::npos && isNumber(target.substr(bracket + 2, 1));
    return numbered ? target.substr(0, bracket) : target;
}

// The children of this process, by the kernel's own list where it keeps one.
std::vector<pid_t> childrenOfThisProcess() {
    std::vector<pid_t> children;
    std::ifstream list("/proc/thread-self/children");
    if (list) {
        for (pid_t pid = 0; list >> pid;)
            children.push_back(pid);
        return children;
    }
    for (const auto& process : allProcesses()) {
        if (process.parent == ::getpid())
            children.push_back(process.pid);
    }
    return children;
}

// Fields 3 and 4 are state and parent, 22 is the start time; the name may hold blanks and brackets.
Process parseStat(pid_t pid, const std::string& stat) {
    const auto nameBegin = stat.find('(') + 1;
    const auto nameEnd = stat.rfind(')');
    Process process;
    process.pid = pid;
    process.comm = stat.substr(nameBegin, nameEnd - nameBegin);
    std::istringstream fields(stat.substr(nameEnd + 1));
    fields >> process.state >> process.parent;
    constexpr int fieldsBeforeStartTime = 17;
    std::string skipped;
    for (int i = 0; i < fieldsBeforeStartTime; ++i)
        fields >> skipped;
    fields >> process.startTime;
    return process;
}

} // namespace

std::vector<Process> allProcesses() {
    std::vector<Process> processes;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const auto name = entry.path().filename().string();
        if (!isNumber(name))
            continue;
        try {
            processes.push_back(parseStat(std::stoi(name), readFile(entry.path() / "stat")));
        } catch (const std::system_error&) {
            continue; // it ended meanwhile
        }
    }
    return processes;
}

std::vector<Process> descendantsOf(pid_t ancestor) {
    const auto all = allProcesses();
    std::set<pid_t> family{ancestor};
    std::vector<Process> found;
    for (bool grew = true; grew;) {
        grew = false;
        for (const auto& process : all) {
            if (family.contains(process.parent) && family.insert(process.pid).second) {
                found.push_back(process);
                grew = true;
            }
        }
    }
    return found;
}

std::string commandLine(pid_t pid) {
    try {
        auto text = readFile("/proc/" + std::to_string(pid) + "/cmdline");
        if (text.ends_with('\0'))
            text.pop_back();
        std::replace(text.begin(), text.end(), '\0', ' ');
        return text;
    } catch (const std::system_error&) {
        return {};
    }
}

std::multiset<std::string> descriptorsOf(pid_t pid) {
    std::multiset<std::string> targets;
    std::error_code error;
    for (const auto& entry :
        std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/fd", error)) {
        const auto target = std::filesystem::read_symlink(entry.path(), error);
        if (!error)
            targets.insert(withoutNumber(target.string()));
    }
    return targets;
}

bool hasEnded(int pidfd) noexcept {
    pollfd ended{pidfd, POLLIN, 0};
    return ::poll(&ended, 1, 0) == 1;
}

void adoptOrphans() {
    if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0)
        throw std::system_error(errno, std::generic_category(), "PR_SET_CHILD_SUBREAPER");
}

void reapOrphans() {
    for (const auto child : childrenOfThisProcess()) {
        if (!isStartedHere(child))
            ::waitpid(child, nullptr, WNOHANG);
    }
}

} // namespace nsd::test
