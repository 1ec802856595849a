// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::client {

// A program that nsctl starts beside itself to have something done (ssh, newuidmap, pkttyagent), found in
// PATH and with nsctl's environment. Owns the process: one that was not waited for is ended with this.
class HelperProgram {
  public:
    struct Setup {
        std::vector<std::string> line;
        // What it has in the place of nsctl's own; -1: those.
        int in = -1;
        int out = -1;
        int err = -1;
        int kept = -1;     // reaches it besides, under its own number
        bool tied = false; // ends with nsctl, also where that is killed
    };
    // Throws Error with the errno of execve(2) where it cannot be executed. Signals that nsctl has blocked
    // are not blocked in it.
    explicit HelperProgram(const Setup& setup);
    ~HelperProgram();
    HelperProgram(const HelperProgram&) = delete;
    HelperProgram& operator=(const HelperProgram&) = delete;

    // Waits for its end. Exit status; 128+N for a signal. Once.
    [[nodiscard]] int wait();
    [[nodiscard]] bool hasEnded() noexcept;

  private:
    pid_t pid_ = 0; // 0: it has ended
};

} // namespace nsd::client
