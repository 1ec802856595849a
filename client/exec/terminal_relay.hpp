// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/exec/pseudo_terminal.hpp"
#include "client/exec/user_terminal.hpp"

#include <array>
#include <chrono>
#include <poll.h>
#include <string>
#include <string_view>

namespace nsd::client {

// The user's terminal (descriptor 0) and a pseudo-terminal for the command, and what goes to and fro
// between them: keys, output, the size. Signals that keys make are made by the terminal inside, so the
// user's is raw meanwhile, as long as nsctl is its foreground job. Owns the pair; never blocks, as far as
// the user's terminal can be opened anew.
class TerminalRelay {
  public:
    TerminalRelay();

    // For the command's descriptors, until begin().
    [[nodiscard]] int slave() const noexcept { return pair_.slave.get(); }
    // The command has it: from here on, what it writes comes out at the user's. The last one who holds the
    // slave must be inside, or what is written at the very end gets lost.
    void begin();

    using Polls = std::array<pollfd, 3>;
    void prepare(Polls& polls) const noexcept;
    void work(const Polls& polls);
    // Whether it has to be called again soon, since a job in the background hears nothing of its return
    // to the foreground.
    [[nodiscard]] bool isWaitingForForeground() const noexcept { return !over_ && !attached_; }

    // Takes the user's terminal, if it is ours to take; also its size.
    void attach() noexcept;
    // Gives it back, for as long as nsctl is stopped.
    void detach() noexcept;
    void resize() const noexcept;
    // As if the modem had: the session inside gets SIGHUP.
    void hangUp() noexcept;
    // Whether the user asked for that by typing ^] three times within a second.
    [[nodiscard]] bool wasLeft() const noexcept { return left_; }
    // After the end of the command: whether all that it wrote is with the user.
    [[nodiscard]] bool flush();

  private:
    // Nothing goes to and fro any more.
    void end() noexcept;
    void readKeys();
    void noticeEscape(std::string_view keys);
    void writeInside() noexcept;
    // Whether there was something.
    bool readInside();
    // Whether nothing is left.
    bool writeUser() noexcept;

    UserTerminal user_;
    PseudoTerminal pair_;
    UniqueFd output_;
    std::string toInside_;
    std::string toUser_;
    bool attached_ = false;
    bool over_ = false;
    bool left_ = false;
    int escapes_ = 0;
    std::chrono::steady_clock::time_point firstEscape_;
};

} // namespace nsd::client
