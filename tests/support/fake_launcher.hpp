// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/core/process_launcher.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <sys/stat.h>
#include <utility>
#include <vector>

namespace nsd::test {

// Launches without processes: a "process" is a number with eventfds as the pidfds of its command and its
// supervisor, and its state file is written as a supervisor would. It lives on while the daemon's objects
// are made anew over the same directory.
class FakeLauncher final : public ProcessLauncher {
  public:
    explicit FakeLauncher(Loop& loop) : loop_(loop) {}

    // --- what a test turns -------------------------------------------------------------------
    // The next launch ends so.
    void failNext(Error error) { failure_ = std::move(error); }
    // Launches are not answered before answer() is called.
    void holdAnswers() { holding_ = true; }
    void answer();
    // The command ends, and its supervisor writes it down and ends, too.
    void end(pid_t pid, int code, int status);
    // The supervisor ends without a word; the command not yet.
    void killSupervisor(pid_t pid);
    void killCommand(pid_t pid);
    // Who an id inside of a user namespace is outside, for the launches to come.
    void mapInside(uid_t outside) { outside_ = outside; }

    // --- what a test asks --------------------------------------------------------------------
    // What was launched, in order; descriptors are dropped.
    [[nodiscard]] const std::vector<Launch>& launches() const noexcept { return launches_; }
    // What the dropped descriptors of the last launch were.
    struct Descriptors {
        std::vector<NamespaceType> types;                            // of the namespaces
        std::array<std::optional<std::pair<dev_t, ino_t>>, 3> stdio; // nothing: /dev/null by itself
    };
    [[nodiscard]] const Descriptors& lastDescriptors() const noexcept { return descriptors_; }
    // (pid, signal); a supervisor is the negative pid of its command.
    [[nodiscard]] const std::vector<std::pair<pid_t, int>>& signals() const noexcept { return signals_; }
    [[nodiscard]] pid_t lastPid() const noexcept { return nextPid_ - 1; }

    // --- the port ----------------------------------------------------------------------------
    void launch(Launch launch, Completion<LaunchedProcess> done) override;
    [[nodiscard]] UniqueFd find(const KnownProcess& process) override;
    void signal(int pidfd, int number) override;

  private:
    struct Process {
        UniqueFd command; // eventfds, readable once it has ended
        UniqueFd supervisor;
        UniqueFd stateFile;
        uid_t uid = 0;
        bool commandEnded = false;
        bool supervisorEnded = false;
    };
    void remember(Launch launch);
    [[nodiscard]] static KnownProcess commandOf(pid_t pid);
    [[nodiscard]] static KnownProcess supervisorOf(pid_t pid);

    Loop& loop_;
    std::optional<Error> failure_;
    uid_t outside_ = 0;
    bool holding_ = false;
    std::vector<std::function<void()>> held_;
    pid_t nextPid_ = 6'000'000; // above the kernel's largest pid
    std::map<pid_t, Process> processes_;
    std::vector<Launch> launches_;
    Descriptors descriptors_;
    std::vector<std::pair<pid_t, int>> signals_;
};

} // namespace nsd::test
