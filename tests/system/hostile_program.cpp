// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What somebody who rules a namespace may run in it, to get hold of whoever enters. Started inside, as
// root of the namespace:
//   hostile_program trace SECONDS      tries to trace every process as soon as it is there
//   hostile_program overwrite SECONDS  tries to write into the program of every process that it sees
// It says "traced PROGRAM" or "overwrote PROGRAM" for each of nsd's programs that it got, and "tried N".
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <set>
#include <string>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

// The name of nsd's program that the process runs, or empty.
std::string programOfNsd(const std::string& process) {
    char path[4096] = {};
    if (::readlink(("/proc/" + process + "/exe").c_str(), path, sizeof path - 1) <= 0)
        return {};
    const char* slash = std::strrchr(path, '/');
    const std::string name = slash != nullptr ? slash + 1 : path;
    return name == "nsctl" || name == "nsd" || name == "nsd-worker" || name == "nsd-init" ? name : "";
}

// Each once. What it has got goes on, so that others follow.
bool trace(const std::string& process) {
    static std::set<pid_t> mine;
    int status = 0;
    for (pid_t stopped = 0; (stopped = ::waitpid(-1, &status, __WALL | WNOHANG)) > 0;) {
        if (WIFSTOPPED(status))
            ::ptrace(PTRACE_CONT, stopped, nullptr, WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status));
        else
            mine.erase(stopped);
    }
    const auto pid = static_cast<pid_t>(std::atoi(process.c_str()));
    if (mine.contains(pid) || ::ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) != 0)
        return false;
    mine.insert(pid);
    if (const auto program = programOfNsd(process); !program.empty())
        std::printf("traced %s\n", program.c_str());
    return true;
}

// "Text file busy" is as good: whoever may write has only to wait until nobody runs it.
bool overwrite(const std::string& process) {
    const auto program = programOfNsd(process);
    const int readable = ::open(("/proc/" + process + "/exe").c_str(), O_RDONLY | O_CLOEXEC);
    if (readable < 0)
        return false;
    const auto again = "/proc/self/fd/" + std::to_string(readable);
    const int writable = program.empty() ? -1 : ::open(again.c_str(), O_WRONLY | O_CLOEXEC);
    if (writable >= 0 || (!program.empty() && errno == ETXTBSY))
        std::printf("overwrote %s\n", program.c_str());
    if (writable >= 0)
        ::close(writable);
    ::close(readable);
    return true;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 3)
        return 2;
    const bool tracing = std::strcmp(argv[1], "trace") == 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(std::atoi(argv[2]));
    const auto own = std::to_string(::getpid());
    std::printf("ready\n");
    std::fflush(stdout);
    unsigned long tried = 0;
    while (std::chrono::steady_clock::now() < end) {
        DIR* processes = ::opendir("/proc");
        if (processes == nullptr)
            return 3;
        while (const dirent* entry = ::readdir(processes)) {
            const std::string name = entry->d_name;
            if (name.find_first_not_of("0123456789") != std::string::npos || name == own)
                continue;
            tried += (tracing ? trace(name) : overwrite(name)) ? 1 : 0;
        }
        ::closedir(processes);
    }
    std::printf("tried %lu\n", tried);
    return 0;
}
