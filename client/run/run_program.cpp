// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/run/run_program.hpp"

#include "client/read_all.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"
#include "common/unique_fd.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // NOLINT(readability-redundant-declaration): POSIX has it in no header

namespace nsd::client {
namespace {

// Standard output and error into one pipe: these programs write a line to either, never to both.
class Actions {
  public:
    explicit Actions(int output) {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
        ::posix_spawn_file_actions_adddup2(&actions_, output, STDERR_FILENO);
    }
    ~Actions() { ::posix_spawn_file_actions_destroy(&actions_); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;
    [[nodiscard]] const posix_spawn_file_actions_t* get() const noexcept { return &actions_; }

  private:
    posix_spawn_file_actions_t actions_{};
};

int waitFor(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            throw kernelError("wait for", "a program", errno);
    return status;
}

} // namespace

std::string readProgram(const std::vector<std::string>& line) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw kernelError("make", "a pipe", errno);
    const UniqueFd reading(ends[0]);
    UniqueFd writing(ends[1]);
    auto words = line;
    std::vector<char*> argv;
    for (auto& word : words)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    const Actions actions(writing.get());
    pid_t child = 0;
    const int problem = ::posix_spawnp(&child, argv.front(), actions.get(), nullptr, argv.data(), environ);
    if (problem == ENOENT)
        throw Error(Errc::KernelError, quoted(line.front()) + " is not installed (package uidmap)");
    if (problem != 0)
        throw kernelError("run", line.front(), problem);
    writing.reset();
    auto text = readAll(reading.get(), line.front());
    if (waitFor(child) != 0) {
        while (!text.empty() && text.back() == '\n')
            text.pop_back();
        throw Error(Errc::KernelError, text.empty() ? line.front() + " failed" : text);
    }
    return text;
}

} // namespace nsd::client
