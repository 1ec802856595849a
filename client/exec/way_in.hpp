// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"

#include <functional>
#include <optional>
#include <string>
#include <sys/types.h>

namespace nsd::client {

// Who runs nsctl, as far as the kernel looks at it when namespaces are joined.
struct Joiner {
    uid_t uid;
    // Whether setns(2) works for him on all of these.
    std::function<bool(const NamespaceFds&)> kernelLets;
};

// This process. Not root: it lets the owner of a user namespace join that, and what belongs to it.
[[nodiscard]] Joiner thisJoiner();

// The descriptors, where the caller can join the namespaces himself: root, without another question, and
// the owner of a rootless namespace. Empty: only nsd can start his command inside. Nobody is asked for
// a right (or a password) that would not help him. `types` empty: all that it has. Throws Error for what
// is wrong with either way, such as a name that there is not.
[[nodiscard]] std::optional<Entrance> openOwnWay(
    Client& client, const Joiner& joiner, const std::string& name, NamespaceTypes types);

} // namespace nsd::client
