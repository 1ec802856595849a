// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/scope_guard.hpp"
#include "daemon/core/core.hpp"
#include "daemon/core/namespace_record.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// A namespace's name for the rest of the host (daemon/core/net_register). Meta says first which names it is
// to have there, so that whoever finds what a killed daemon left knows which of them to take away. What
// the administrator takes away meanwhile (ip netns del) stays away.
namespace nsd {

// Shows what the record says, and hides it again when the answer goes before it is dismissed. Meta is
// written. Throws Error{NameExists}, and then nothing is shown.
[[nodiscard]] std::unique_ptr<ScopeGuard> showPublicName(
    Core& core, const NamespaceRecord& record, const std::map<NamespaceType, UniqueFd>& fds);
// Nobody sees it any more; for what has no record, `net` is the namespace that was found pinned. What cannot
// be hidden is reported.
void hidePublicNames(Core& core, const NamespaceRecord& record) noexcept;
void hidePublicNames(Core& core, const std::vector<Name>& names, const NamespaceIdentity& net) noexcept;

// Shows it under the new name, too, if it is shown under its own; takes that back when the answer goes
// before it is dismissed. Throws Error{NameExists}, and then all is as it was.
[[nodiscard]] std::unique_ptr<ScopeGuard> showUnder(Core& core, NamespaceRecord& record, const Name& to);
// The record's name is its only one from now on.
void settlePublicName(Core& core, NamespaceRecord& record) noexcept;

// Where it can be seen now; empty: nowhere.
[[nodiscard]] std::string publicPath(const Core& core, const NamespaceRecord& record) noexcept;

// The number of the network namespace among these descriptors; empty where there is none, or none known.
[[nodiscard]] std::optional<std::int32_t> numberOf(
    const Core& core, const std::map<NamespaceType, UniqueFd>& fds) noexcept;

} // namespace nsd
