// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/worker/mount_scan.hpp"
#include "daemon/worker/proc_fs.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <vector>

namespace nsd::worker {

// What is mounted of nsfs in the mount namespaces whose inodes are not in `seen`, by inode: those where no
// process lives, so that /proc does not show their tables. Nothing on kernels that do not tell which mount
// namespaces there are (before Linux 6.12). A child of the worker looks, which is in each for a moment; where
// it is not done in time, there is no answer.
[[nodiscard]] std::map<std::uint64_t, std::vector<NamespaceMount>> mountsWhereNobodyLives(
    const ProcFs& proc, const std::set<std::uint64_t>& seen);

} // namespace nsd::worker
