// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"
#include "daemon/protocol/supervisor_messages.hpp"
#include "daemon/worker/child_process.hpp"
#include "daemon/worker/command_entry.hpp"
#include "daemon/worker/proc_fs.hpp"

#include <sys/types.h>
#include <vector>

namespace nsd::worker {

// nsd-worker --supervise: starts one command of Exec, is its parent to the end, and appends to the
// command's file how it ended. It stays outside of every namespace and needs no daemon once the command
// runs; until that has been heard of, it lives and dies with the daemon. The command is killed when the
// supervisor is.
class Supervisor {
  public:
    // `socket` is the daemon's; the number stays open, as /dev/null.
    explicit Supervisor(int socket);

    // Returns when the command has ended, or was not started.
    void run();

  private:
    void sayReady() const;
    // False where the command was not started, which has been answered.
    [[nodiscard]] bool start(const protocol::SuperviseRequest& request, std::vector<UniqueFd> fds);
    [[nodiscard]] CommandFds takeFds(const protocol::SuperviseRequest& request, std::vector<UniqueFd> fds);
    void waitFor(const ChildProcess& joining) const;
    void requireDaemon() const;
    void enter(const protocol::SuperviseRequest& request, const CommandFds& fds);
    [[nodiscard]] std::string idsInside(const CommandSpec& command, pid_t joined);
    void sayStarted() const;
    void killChildren() const;
    void standBy() const;

    ProcFs proc_; // the host's
    UniqueFd socket_;
    UniqueFd null_;
    UniqueFd stateFile_;
    pid_t command_ = 0;
    uid_t uid_ = 0; // of the command, outside of all namespaces
};

} // namespace nsd::worker
