// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/protocol/messages.hpp"
#include "daemon/worker/proc_fs.hpp"

// The processes that live in namespaces, or below them (a pid or user namespace made inside).
namespace nsd::worker {

[[nodiscard]] protocol::CountReply countMembers(const ProcFs& proc, const protocol::CountRequest& request);

// Kills them in rounds, since one may fork while it is being found, and waits for their end.
[[nodiscard]] protocol::KillReply killMembers(const ProcFs& proc, const protocol::KillRequest& request);

} // namespace nsd::worker
