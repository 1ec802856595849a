// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What somebody who rules a namespace may run in it, to get hold of whoever enters. Started inside, as
// root of the namespace:
//   hostile_program trace SECONDS      tries to trace every process as soon as it is there
//   hostile_program overwrite SECONDS  tries to write into the program of every process that it sees
// It says "traced PROGRAM" or "overwrote PROGRAM" for each of nsd's programs that it got, and at the end
// "got N": how many processes it could trace, or whose program it could open to read, of whatever program.
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <map>
#include <string>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace {

// The name of the program that the process runs; empty where this may not be seen.
std::string programOf(const std::string& process) {
    char path[4096] = {};
    if (::readlink(("/proc/" + process + "/exe").c_str(), path, sizeof path - 1) <= 0)
        return {};
    const char* slash = std::strrchr(path, '/');
    return slash != nullptr ? slash + 1 : path;
}

bool isNsds(const std::string& name) {
    return name == "nsctl" || name == "nsd" || name == "nsd-worker" || name == "nsd-init";
}

// What somebody who is traced ran right before that and right behind it. A process that is seized goes on,
// and may be another program by the time that its name is read.
struct Seized {
    std::string before;
    std::string after;
    bool executed = false;
};
std::map<pid_t, Seized> seized;

void sayTraced(const std::string& program) {
    std::printf("traced %s\n", program.c_str());
}

// It has just become another program. Where that is the one that was read behind the seizure, then it
// was the one of before when it was seized.
void onExec(pid_t pid, Seized& process) {
    if (!std::exchange(process.executed, true) && isNsds(process.before) && !isNsds(process.after) &&
        programOf(std::to_string(pid)) == process.after)
        sayTraced(process.before);
}

// What was got goes on, so that others follow.
void letGoOn() {
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, __WALL | WNOHANG)) > 0;) {
        if (!WIFSTOPPED(status)) {
            seized.erase(pid);
            continue;
        }
        if (status >> 8 == (SIGTRAP | (PTRACE_EVENT_EXEC << 8)))
            onExec(pid, seized[pid]);
        ::ptrace(PTRACE_CONT, pid, nullptr, WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status));
    }
}

// Each once.
bool trace(const std::string& process) {
    letGoOn();
    const auto pid = static_cast<pid_t>(std::atoi(process.c_str()));
    if (seized.contains(pid))
        return false;
    const auto before = programOf(process);
    if (::ptrace(PTRACE_SEIZE, pid, nullptr, PTRACE_O_TRACEEXEC) != 0)
        return false;
    const auto after = programOf(process);
    seized[pid] = {before, after};
    if (isNsds(after))
        sayTraced(after);
    return true;
}

// "Text file busy" is as good: whoever may write has only to wait until nobody runs it.
bool overwrite(const std::string& process) {
    auto program = programOf(process);
    if (!isNsds(program))
        program.clear();
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
    unsigned long got = 0;
    while (std::chrono::steady_clock::now() < end) {
        DIR* processes = ::opendir("/proc");
        if (processes == nullptr)
            return 3;
        while (const dirent* entry = ::readdir(processes)) {
            const std::string name = entry->d_name;
            if (name.find_first_not_of("0123456789") != std::string::npos || name == own)
                continue;
            got += (tracing ? trace(name) : overwrite(name)) ? 1 : 0;
        }
        ::closedir(processes);
    }
    std::printf("got %lu\n", got);
    return 0;
}
