// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "common/unique_fd.hpp"
#include "daemon/kernel/spawn.hpp"
#include "daemon/protocol/messages.hpp"

#include <functional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd {

// One nsd-worker: its process and our end of its socket. Owned by a WorkerLane, which decides what it
// does and when it is given up; this only tells what happens. The process is killed when this goes.
class Worker {
  public:
    struct Handlers {
        // A reply, or an Error where one came that could not be taken. Never after `ended`.
        std::function<void(Outcome<protocol::Reply>, std::vector<UniqueFd>)> replied;
        // The process is dead, and how it ended: "was killed by signal 9".
        std::function<void(const std::string& how)> ended;
    };

    // Starts the program with its end of the socket as 3 and `fds` behind it. Handlers may not destroy
    // this; they post that. Throws Error where it cannot be started.
    Worker(Loop& loop, const std::string& path, std::vector<std::string> arguments,
        const std::vector<int>& fds, Handlers handlers);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    // Throws Error; then nothing was sent.
    void send(const protocol::Request& request, const std::vector<int>& fds);
    // Nothing that it says is heard any more; `ended` comes when the kernel lets it die.
    void kill() noexcept;

    [[nodiscard]] pid_t pid() const noexcept { return process_.pid; }

  private:
    void onSocket();
    void onExit(int status);
    [[nodiscard]] bool readReplies();

    Handlers handlers_;
    UniqueFd socket_;
    SpawnedProcess process_;
    bool ended_ = false;
    Loop::SourcePtr socketSource_;
    Loop::SourcePtr exitSource_;
};

} // namespace nsd
