// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/command_spec.hpp"
#include "common/process_state.hpp"
#include "common/unique_fd.hpp"
#include "common/user_entry.hpp"
#include "daemon/core/authority.hpp"
#include "daemon/core/namespace_record.hpp"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace nsd {

// Exec as it was asked for, before anybody knows whether it may be.
struct ExecRequest {
    std::vector<std::string> argv{};
    std::optional<std::vector<std::string>> environment{};
    std::optional<std::string> directory{};
    std::array<UniqueFd, 3> stdio{};
    bool terminal = false;
    NamespaceTypes types{}; // empty: all
    bool tied = false;
    std::optional<uid_t> uid{};
};

// argv and environment ≤ 128 KiB and 1 024 entries together, an absolute directory, a stdin for the
// terminal. Throws Error{InvalidArgument}.
void validate(const ExecRequest& request);

// Which types are joined, and whether this caller may: TypeNotPresent; InvalidArgument for a foreign mnt
// or pid without its user namespace; AccessDenied for a foreign user, mnt or pid where he is neither root
// nor the owner of that user namespace, whatever he has been granted.
[[nodiscard]] NamespaceTypes typesToJoin(
    const ExecRequest& request, const Caller& caller, const NamespaceRecord& record);

// As whom a command runs.
struct CommandUser {
    uid_t uid = 0;
    // The number is one of the user namespace that is joined. Who that is outside only its map says:
    // it must not be taken for the host's user of this number.
    bool isInside = false;
};

// The caller himself, or whom root has chosen. AccessDenied where somebody else chose.
[[nodiscard]] CommandUser runsAs(const ExecRequest& request, const Caller& caller, NamespaceTypes joined);

// The command, with all that follows from who asked. `entry` is of the user on the host; an empty one
// where he is inside. Throws AccessDenied.
[[nodiscard]] CommandSpec commandOf(
    const ExecRequest& request, const Caller& caller, const CommandUser& user, const UserEntry& entry);

} // namespace nsd
