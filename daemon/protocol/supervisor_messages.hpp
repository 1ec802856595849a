// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/command_spec.hpp"
#include "common/error.hpp"
#include "common/process_state.hpp"

#include <array>
#include <string>
#include <variant>

// What the daemon and a command's supervisor say to each other, like daemon/protocol/messages: Ready,
// one request, and Started or an Error. Then the socket closes.
namespace nsd::protocol {

// In: the namespaces in the order of the types; of stdin, stdout and stderr those that are given; the
// state file; the cgroup.procs that the command goes to, if entersControlGroup; the mount namespace of what
// it sees, if hasView.
struct SuperviseRequest {
    CommandSpec command;
    NamespaceTypes types;
    std::array<bool, 3> stdio{};
    bool entersControlGroup = false;
    bool hasView = false;
    std::string runtimeDirectory; // is detached from a mount namespace that is made for the command
};

// What the supervisor says first. Out: its own pidfd.
struct SupervisorReady {};
// The command has been executed, and the state file says so. Out: its pidfd.
struct CommandStarted {
    KnownProcess command;
    uid_t uid = 0; // as whom, outside of all namespaces
};
using SupervisorReply = std::variant<SupervisorReady, CommandStarted, Error>;

[[nodiscard]] std::string encode(const SuperviseRequest& request);
[[nodiscard]] std::string encode(const SupervisorReply& reply);
// Throw Error{KernelError} that says what is wrong with the text.
[[nodiscard]] SuperviseRequest decodeSuperviseRequest(const std::string& text);
[[nodiscard]] SupervisorReply decodeSupervisorReply(const std::string& text);

} // namespace nsd::protocol
