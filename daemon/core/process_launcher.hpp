// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/command_spec.hpp"
#include "common/outcome.hpp"
#include "common/process_state.hpp"
#include "common/unique_fd.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd {

// All that a command's supervisor is given.
struct Launch {
    std::uint64_t number = 0; // of the process, for what shows its supervisor
    uid_t uid = 0;            // as whom, outside of all namespaces; 0 while only that inside is known
    std::string what{};       // "ip in web", for a description
    std::map<NamespaceType, UniqueFd> namespaces{};
    std::string controlGroup{}; // below the cgroup2 mount; the command goes there. Empty: nowhere
    CommandSpec command{};
    std::array<UniqueFd, 3> stdio{}; // an invalid one is /dev/null
    UniqueFd view{};                 // the mount namespace it sees, where none is joined (daemon/core/views)
    UniqueFd stateFile{};            // to which the supervisor appends (common/process_state)
};

struct LaunchedProcess {
    KnownProcess command;
    uid_t uid = 0; // as whom it runs, outside of all namespaces
    UniqueFd commandPidfd;
    UniqueFd supervisorPidfd; // readable once the last line of the state file has been written
};

// Starts commands inside of namespaces, each under a supervisor of its own that outlives the daemon.
class ProcessLauncher {
  public:
    ProcessLauncher() = default;
    ProcessLauncher(const ProcessLauncher&) = delete;
    ProcessLauncher& operator=(const ProcessLauncher&) = delete;
    virtual ~ProcessLauncher() = default;

    // Answers when the command has been executed, or why not: an Error names the step. A launch whose
    // answer nobody takes any more (this has gone) leaves no process behind.
    virtual void launch(Launch launch, Completion<LaunchedProcess> done) = 0;
    // A pidfd of the very process that had this number then; invalid if it is gone.
    [[nodiscard]] virtual UniqueFd find(const KnownProcess& process) = 0;
    // Throws Error where it cannot be sent: ESRCH if the process is gone.
    virtual void signal(int pidfd, int number) = 0;
};

// A program of nsd's that works outside of the daemon: nsd-worker --supervise for each command of Exec,
// nsd-cni for each run of network plugins.
struct HelperCommand {
    std::string program;
    std::vector<std::string> arguments{}; // behind argv[0]
    std::string unit{};                   // as what systemd has it: UNIT-NUMBER.service
    bool endsWithItsOwn = true;           // at its end all goes that it has started
};

// The process that a launch or a run of plugins begins with.
struct SupervisorStart {
    UniqueFd socket; // becomes its descriptor 0
    std::uint64_t number = 0;
    uid_t uid = 0;
    std::string what{};
};

// Starts such a program. Done means only that it has been asked for: the program says
// itself, over its socket, when it is there.
class SupervisorStarter {
  public:
    SupervisorStarter() = default;
    SupervisorStarter(const SupervisorStarter&) = delete;
    SupervisorStarter& operator=(const SupervisorStarter&) = delete;
    virtual ~SupervisorStarter() = default;

    virtual void start(SupervisorStart start, Completion<Done> done) = 0;
};

} // namespace nsd
