// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::test {

using Arguments = std::vector<std::string>;
using Environment = std::map<std::string, std::optional<std::string>>; // no value: unset

// How a program is started. Everything that is not named here is the test's own.
struct CommandOptions {
    Environment environment;
    std::string workingDirectory;   // empty: the test's
    std::string input;              // of stdin
    std::optional<uid_t> user;      // with the gid of the same number and no groups
    std::map<int, int> descriptors; // number there → descriptor here, beside 0, 1 and 2
    std::chrono::milliseconds timeout{30'000};
};

struct CommandResult {
    int status = -1; // exit status, or 128 + signal; timeout(1)'s 124 when it had to be killed
    std::string out;
    std::string err;
    [[nodiscard]] bool ok() const noexcept { return status == 0; }
};

// Runs a program to its end and collects what it says. argv[0] is looked up in PATH.
[[nodiscard]] CommandResult run(const Arguments& argv, const CommandOptions& options = {});
// The same for something that must work: throws with what it said where it does not exit with 0;
// answers stdout without its last newline.
std::string mustRun(const Arguments& argv, const CommandOptions& options = {});

// A program that runs on while the test does; killed at the latest when this goes. What it writes to
// stdout and stderr goes to `outputFile`, or to nowhere.
class BackgroundProcess {
  public:
    explicit BackgroundProcess(const Arguments& argv, const CommandOptions& options = {},
        const std::string& outputFile = "/dev/null");
    ~BackgroundProcess();
    BackgroundProcess(const BackgroundProcess&) = delete;
    BackgroundProcess& operator=(const BackgroundProcess&) = delete;

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    [[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }
    void signal(int number) const noexcept;
    // Exit status as in CommandResult; empty while it runs on after `timeout`.
    std::optional<int> wait(std::chrono::milliseconds timeout);
    // SIGKILL, and until it is gone.
    void kill();

  private:
    pid_t pid_ = 0;
    UniqueFd pidfd_;
    std::optional<int> status_;
};

// Whether a child of this process was started by what stands here: everything else that ends as its
// child is an orphan that came home.
[[nodiscard]] bool isStartedHere(pid_t pid) noexcept;

// Looks until `holds` does, or `timeout` is over. For what the kernel or another process does in its
// own time and tells nobody.
template <class Condition>
[[nodiscard]] bool eventually(Condition holds, std::chrono::milliseconds timeout = std::chrono::seconds(10));

// A moment; orphans that have ended are reaped.
void pauseBetweenLooks();

template <class Condition>
bool eventually(Condition holds, std::chrono::milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= deadline)
            return false;
        pauseBetweenLooks();
    }
    return true;
}

} // namespace nsd::test
