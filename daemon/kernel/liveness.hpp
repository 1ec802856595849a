// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_type.hpp"

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

namespace nsd {

// Asks the kernel whether a namespace still exists, without keeping it alive meanwhile.
class Liveness {
  public:
    // Taken from a descriptor of the namespace while there is one. Empty where this kernel has no way
    // to ask: before Linux 6.18 (nsfs file handles), for mnt before 6.11 (listmount(2) by id).
    [[nodiscard]] static std::optional<Liveness> of(int nsFd, NamespaceType type);

    // Busy: the kernel has no answer just now (EMFILE), ask again. Unable: it never will.
    enum class State { Alive, Gone, Busy, Unable };
    [[nodiscard]] State state() const;

  private:
    using FileHandle = std::vector<std::uint64_t>; // struct file_handle, suitably aligned
    struct MountNamespaceId {
        std::uint64_t id;
    };
    using Key = std::variant<FileHandle, MountNamespaceId>;
    explicit Liveness(Key key) : key_(std::move(key)) {}
    [[nodiscard]] static std::optional<Liveness> byHandle(int nsFd);
    [[nodiscard]] static std::optional<Liveness> byMountId(int nsFd);
    Key key_;
};

} // namespace nsd
