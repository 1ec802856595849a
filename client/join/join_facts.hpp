// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"
#include "client/join/join_plan.hpp"
#include "common/nsfs.hpp"

namespace nsd::client {

// Looks at the descriptors: each must be a namespace of the type that it is said to be (else
// Error{WrongFd}). A user namespace that nsctl is in already is dropped: the kernel
// refuses to join it again.
[[nodiscard]] JoinFacts lookAt(Entrance& entrance);

// Whether the namespace is owned by this user namespace.
[[nodiscard]] bool belongsTo(int fd, const NamespaceIdentity& userNamespace);

} // namespace nsd::client
