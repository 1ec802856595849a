// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/brought_namespaces.hpp"
#include "daemon/core/create_request.hpp"
#include "daemon/core/kernel.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <sys/types.h>

namespace nsd {

// What the kernel says of namespaces that somebody brings along.
struct AdoptionFacts {
    std::map<NamespaceType, NamespaceIdentity> identities;
    NamespaceTypes foreign; // those whose user namespace is not the initial one
    // Whose user namespace owns the foreign ones: of type user, if that is there, else of them all.
    // Empty where none is foreign, or where they are not one user's.
    std::optional<uid_t> userNamespaceOwner;
    // Who has the right to all of them because the kernel says that they are his; empty: nobody.
    std::optional<uid_t> rightfulOwner;
};

// Manager.Adopt as asked for: a name and options as Create has them, for namespaces that the caller
// has opened. Of the spec's fields only types and owner are used.
struct AdoptRequest {
    CreateRequest request;
    BroughtNamespaces fds;
    AdoptionFacts facts; // of these descriptors, as inspect() says
};

// Throws Error that names the type: WrongFd for what is no namespace or of another type,
// InvalidArgument for none at all, for one of the host's own, and for a foreign mnt or pid whose user
// namespace is not the one that comes with it: root would enter it with ids that mean nothing there.
[[nodiscard]] AdoptionFacts inspect(const Kernel& kernel, const OpenedNamespaces& fds);

// See requestDigest(CreateRequest); the same namespaces are the same request, whichever descriptors
// lead to them.
[[nodiscard]] std::uint64_t requestDigest(const CreateRequest& request, const AdoptionFacts& facts);

} // namespace nsd
