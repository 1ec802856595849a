// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"

#include <string>
#include <vector>

namespace nsd::client {

// Run a command inside through nsd, with the caller's own ids: for everybody whom the kernel does not let
// join by himself.
struct ExecRequest {
    std::string name;
    NamespaceTypes types; // at least one
    std::vector<std::string> command;
    // Needs a terminal even where its output goes into a pipe.
    bool interactive = false;
};

// All went well but execve(2).
class NotExecuted : public Error {
  public:
    NotExecuted(const Error& error, int status) : Error(error), status_(status) {}
    [[nodiscard]] int status() const noexcept { return status_; } // 126 or 127, as for a shell

  private:
    int status_;
};

// Runs it to its end, with nsctl's environment, directory and first three descriptors, and answers its
// exit status, or 128+N for signal N. Where the user sits at a terminal the command gets one of its own,
// see TerminalRelay. Throws NotExecuted or Error, with the user's terminal as it was before.
[[nodiscard]] int runThroughDaemon(Client& client, const ExecRequest& request);

// What is sent to nsd: argv and environment within its limits (maxCommandEntries, maxCommandBytes), in
// UTF-8, which is all that D-Bus carries. Throws Error{InvalidArgument} that says which variable it is.
void checkSendable(const std::vector<std::string>& argv, const std::vector<std::string>& environment);

} // namespace nsd::client
