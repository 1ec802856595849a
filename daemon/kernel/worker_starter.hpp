// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "common/unique_fd.hpp"
#include "daemon/kernel/worker.hpp"

#include <functional>
#include <memory>
#include <string>

namespace nsd {

// Starts workers, all in one base mount namespace: the first one makes it, without the runtime
// directory in it, and the others join it. (A namespace made from the host's would begin with a copy
// of every pin.) Owns the base namespace.
class WorkerStarter {
  public:
    WorkerStarter(Loop& loop, std::string program, std::string runtimeDirectory)
        : loop_(loop), program_(std::move(program)), runtimeDirectory_(std::move(runtimeDirectory)) {}

    // Called when start() may be worth another try.
    void onChange(std::function<void()> changed) { changed_ = std::move(changed); }

    // Null while the base namespace is still being made by another worker. Throws Error.
    [[nodiscard]] std::unique_ptr<Worker> start(Worker::Handlers handlers);
    // The worker said that it is ready. Throws Error where it made no base namespace.
    void ready(pid_t worker);
    // The worker was given up or died.
    void gone(pid_t worker);

  private:
    Loop& loop_;
    std::string program_;
    std::string runtimeDirectory_;
    std::function<void()> changed_;
    UniqueFd base_;
    pid_t maker_ = 0;
};

} // namespace nsd
