// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "common/outcome.hpp"
#include "common/unique_fd.hpp"
#include "daemon/core/namespaces.hpp"
#include "daemon/core/process_launcher.hpp"
#include "daemon/core/requester.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace nsd {

// All that is to be seen of a command that Exec started.
struct ProcessRecord {
    std::uint64_t number = 0; // never used twice while the machine is up
    Uuid namespaceUuid;       // which may be gone
    uid_t uid = 0;            // as whom it runs, outside of all namespaces
    pid_t pid = 0;
    std::optional<ProcessEnd> end{}; // empty: it runs
    std::optional<ClientTie> tie{};
};

// Whoever shows the processes. What it throws is its own bug: a process runs whether or not somebody
// has been told.
class ProcessEvents {
  public:
    ProcessEvents() = default;
    ProcessEvents(const ProcessEvents&) = delete;
    ProcessEvents& operator=(const ProcessEvents&) = delete;
    virtual ~ProcessEvents() = default;

    virtual void started(const ProcessRecord& process, const MaybeRequester& by) = 0;
    virtual void ended(const ProcessRecord& process) = 0;
    virtual void forgotten(std::uint64_t number) = 0;
};

// What Exec wants, when it is known that it may.
struct ProcessStart {
    Uuid namespaceUuid;
    NamespaceTypes types{};
    Requester by{}; // whose quota it is, but for root's
    CommandSpec command{};
    std::array<UniqueFd, 3> stdio{};
    UniqueFd view{}; // see Launch
    std::optional<ClientTie> tie{};
};

struct StartedProcess {
    std::uint64_t number = 0;
    UniqueFd pidfd;
};

// The commands that Exec started, until 60 s after their end, also those of a predecessor: what is
// known of each lies in its file (daemon/core/process_files). Methods without a Completion throw Error;
// an answer still due when this goes is not given.
class Processes {
  public:
    // `directory` is process/ of the runtime directory. Everything must outlive this.
    Processes(Loop& loop, Log& log, ProcessLauncher& launcher, Namespaces& namespaces, UniqueFd directory);
    ~Processes();
    Processes(const Processes&) = delete;
    Processes& operator=(const Processes&) = delete;

    // Who shows the processes is told of them, from now on and until it is detached.
    void attach(ProcessEvents* events);
    void detach(const ProcessEvents* events) noexcept;
    // Takes over what a predecessor started. Never throws for what it finds.
    void recover();

    // Answers when the command has been executed.
    void start(ProcessStart start, Completion<StartedProcess> done);
    [[nodiscard]] const ProcessRecord* find(std::uint64_t number) const noexcept;
    [[nodiscard]] std::vector<const ProcessRecord*> list() const; // by number
    [[nodiscard]] std::size_t runningCount() const noexcept;
    // InvalidArgument for what is no signal; KernelError with ESRCH where it has ended.
    void kill(std::uint64_t number, int signal);
    // Waits for its end, at most 20 s: then TimedOut.
    void wait(std::uint64_t number, Completion<ProcessEnd> done);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace nsd
