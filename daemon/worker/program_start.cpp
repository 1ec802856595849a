// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/program_start.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <linux/close_range.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd::worker {
namespace {

constexpr rlim_t selectableDescriptors = 1024;
constexpr mode_t usualUmask = 022;

void resetSignals() {
    for (int number = 1; number < NSIG; ++number) {
        struct sigaction action {};
        action.sa_handler = SIG_DFL;
        ::sigaction(number, &action, nullptr); // EINVAL for those that nobody may change
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

// Of execve(2), which promises to change none of them.
std::vector<char*> pointersTo(const std::vector<std::string>& words) {
    std::vector<char*> pointers;
    for (const auto& word : words)
        pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

} // namespace

void makeUsualProgram() {
    resetSignals();
    ::umask(usualUmask);
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) != 0)
        throw kernelError("getrlimit", "of the descriptors", errno);
    files.rlim_cur = std::min(selectableDescriptors, files.rlim_max);
    if (::setrlimit(RLIMIT_NOFILE, &files) != 0)
        throw kernelError("setrlimit", "of the descriptors", errno);
}

int executeProgram(const std::vector<std::string>& argv, const std::vector<std::string>& environment) {
    const auto arguments = pointersTo(argv);
    const auto variables = pointersTo(environment);
    if (::close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
        return errno;
    environ = const_cast<char**>(variables.data()); // in which execvp(3) looks for PATH
    ::execvp(arguments.front(), arguments.data());
    return errno;
}

} // namespace nsd::worker
