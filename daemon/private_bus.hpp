// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "daemon/kernel/spawn.hpp"

#include <memory>
#include <string>
#include <utility>

namespace nsd {

// A dbus-daemon of nsd's own, for hosts without a system bus. It owns the process and the socket:
// both go with it, the process also when nsd is killed. A predecessor's socket is replaced; that
// nobody else uses it is what the runtime directory's lock is for.
class PrivateBus {
  public:
    // Returns when the bus listens at `socketPath`. Should it end later, that is logged, and ends
    // the loop with EXIT_FAILURE. Throws Error that says why there is none.
    PrivateBus(Loop& loop, Log& log, std::string socketPath);
    ~PrivateBus();
    PrivateBus(const PrivateBus&) = delete;
    PrivateBus& operator=(const PrivateBus&) = delete;

    // "unix:path=/run/nsd/bus"
    [[nodiscard]] const std::string& address() const noexcept { return address_; }

  private:
    // The running dbus-daemon; killed and reaped at the latest when this goes.
    class Process {
      public:
        explicit Process(SpawnedProcess process) : process_(std::move(process)) {}
        Process(const Process&) = delete;
        Process& operator=(const Process&) = delete;
        ~Process() { end(); }

        [[nodiscard]] pid_t pid() const noexcept { return process_.pid; }
        // Answers waitpid's status; 0 if the loop has reaped it before.
        int end() noexcept;

      private:
        SpawnedProcess process_;
    };

    void awaitListening(int addressPipe);

    std::string socketPath_;
    std::string address_;
    std::unique_ptr<Process> process_;
    Loop::SourcePtr exit_;
};

} // namespace nsd
