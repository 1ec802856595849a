// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"
#include "client/join/user.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nsd::client {

// Run a command inside: what to join, as whom, and what.
struct EnterRequest {
    std::string what; // "exec web", the beginning of what is told about a failure
    Entrance entrance;
    std::optional<User> user; // empty: who runs nsctl; root is root inside a joined user namespace
    std::vector<std::string> command;
    bool closeFds = false;    // nothing above 2 reaches the command
    bool interactive = false; // it is a shell: a job of its own on the user's terminal
};

// Exit statuses of the shell and of env(1).
constexpr int exitNotRun = 125;
constexpr int exitNotExecutable = 126;
constexpr int exitNotFound = 127;

// Joins the namespaces and becomes the command: does not come back where that works. Only with a pid
// namespace among them does a child become the command, and this answers its exit status (128+N for
// a signal), or 126 or 127 where the command cannot be executed, which has been told on standard
// error. Throws Error for everything before that; the process is then joined to some of the
// namespaces and must end. Needs a process with one thread.
[[nodiscard]] int enterAndRun(EnterRequest request);

} // namespace nsd::client
