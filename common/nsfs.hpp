// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_type.hpp"

#include <cstdint>
#include <optional>

namespace nsd {

// Which kernel namespace a descriptor is. Inode numbers of nsfs are reused once a namespace is
// gone, so `inode` identifies only while something keeps the namespace alive; `id` (0 where the
// kernel has none for the type) is never reused.
struct NamespaceIdentity {
    NamespaceType type;
    std::uint64_t device;
    std::uint64_t inode;
    std::uint64_t id;

    // The same namespace: by the never-reused ids where both have one, else by the inode.
    [[nodiscard]] bool sameAs(const NamespaceIdentity& other) const noexcept;
};

// Whether the descriptor is a file of nsfs; false for a closed one. Never blocks,
// whatever file system the file is of.
[[nodiscard]] bool isNamespaceFd(int fd) noexcept;

// Reads type and ids without reading or writing the file. Throws Error{WrongFd} for anything but a
// namespace. The id is NS_GET_ID (Linux 6.18); before that SO_NETNS_COOKIE is not asked (it needs a
// socket inside) and mnt has NS_GET_MNTNS_ID (6.10).
[[nodiscard]] NamespaceIdentity identifyNamespace(int fd);

// The never-reused id alone; empty where this kernel has none for the type.
[[nodiscard]] std::optional<std::uint64_t> kernelNamespaceId(int fd, NamespaceType type) noexcept;

} // namespace nsd
