// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"

#include <functional>
#include <string>
#include <sys/types.h>
#include <variant>

namespace nsd::client {

// Who runs nsctl, as far as the kernel looks at it when namespaces are joined.
struct Joiner {
    uid_t uid;
    // Whether setns(2) works for him on all of these.
    std::function<bool(const NamespaceFds&)> kernelLets;
};

// This process. Not root: it lets the owner of a user namespace join that, and what belongs to it.
[[nodiscard]] Joiner thisJoiner();

// How a command gets inside: by these descriptors, or only through nsd, which is to join these types.
using WayIn = std::variant<Entrance, NamespaceTypes>;

// The descriptors, where the caller can join the namespaces himself: root, without another question, and
// the owner of a rootless namespace. Nobody is asked for a right (or a password) that would not help him.
// `types` empty: all that it has. Throws Error for what is wrong with either way, such as a name that
// there is not.
[[nodiscard]] WayIn findWayIn(
    Client& client, const Joiner& joiner, const std::string& name, NamespaceTypes types);

} // namespace nsd::client
