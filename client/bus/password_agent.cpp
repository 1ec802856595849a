// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/bus/password_agent.hpp"

#include "common/error.hpp"
#include "common/unique_fd.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <string>
#include <unistd.h>

namespace nsd::client {
namespace {

// It closes the pipe once polkit knows it; its end does, too.
void awaitReadiness(int pipe) noexcept {
    pollfd ready{pipe, 0, 0}; // POLLHUP alone
    while (::poll(&ready, 1, -1) < 0 && errno == EINTR) {
    }
}

} // namespace

PasswordAgent::PasswordAgent() {
    if (::isatty(STDIN_FILENO) == 0)
        return;
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return;
    const UniqueFd readEnd(ends[0]);
    UniqueFd writeEnd(ends[1]);
    // Without --process it serves its parent. As --fallback, it would be found by polkit only for
    // processes of a login session, and polkit has said that there is no other.
    try {
        program_.emplace(
            HelperProgram::Setup{.line = {"pkttyagent", "--notify-fd", std::to_string(writeEnd.get())},
                .kept = writeEnd.get(),
                .tied = true});
    } catch (const Error&) {
        return; // polkit has no such agent here
    }
    writeEnd.reset();
    awaitReadiness(readEnd.get());
    if (program_->hasEnded())
        program_.reset();
}

} // namespace nsd::client
