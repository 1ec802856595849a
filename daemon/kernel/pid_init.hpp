// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/nsfs.hpp"
#include "daemon/core/kernel.hpp"

#include <map>
#include <optional>
#include <sys/types.h>
#include <vector>

namespace nsd {

// See Kernel for what these do.
[[nodiscard]] std::optional<InitProcess> findInit(int pidNsFd, pid_t hint);
void endInit(const InitProcess& init);
void lingerInit(const InitProcess& init);
void settleInit(MadeNamespaces& made);

// The inits that were made or found, by pid namespace: an init is not a member of its namespace, so
// whoever counts members must know it. Asked for one, it makes sure that the process still is it.
class KnownInits {
  public:
    void remember(const NamespaceIdentity& pidNamespace, pid_t init);
    // The living inits of those of the namespaces that are pid namespaces.
    [[nodiscard]] std::vector<pid_t> among(const std::vector<NamespaceIdentity>& namespaces);

  private:
    std::map<std::uint64_t, pid_t> inits_; // by inode; the device is always nsfs
};

} // namespace nsd
