// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/kernel.hpp"

#include <map>

namespace nsd {

using OpenedNamespaces = std::map<NamespaceType, UniqueFd>;

// The descriptors that somebody sent, perhaps of namespaces. Whoever sent them may be gone, so each may
// be the last reference, and dropping that of a mnt namespace unmounts file systems, which may take for
// ever: what is not taken out of this is dropped by Kernel::retire, wherever this ends. The kernel
// outlives it.
class BroughtNamespaces {
  public:
    explicit BroughtNamespaces(Kernel& kernel) noexcept : kernel_(&kernel) {}
    BroughtNamespaces(BroughtNamespaces&& other) noexcept;
    BroughtNamespaces(const BroughtNamespaces&) = delete;
    BroughtNamespaces& operator=(BroughtNamespaces&&) = delete;
    BroughtNamespaces& operator=(const BroughtNamespaces&) = delete;
    ~BroughtNamespaces();

    // `type` is what the sender says of it.
    void add(NamespaceType type, UniqueFd fd);
    [[nodiscard]] const OpenedNamespaces& all() const noexcept { return fds_; }
    [[nodiscard]] OpenedNamespaces take() noexcept;

  private:
    Kernel* kernel_;
    OpenedNamespaces fds_;
};

} // namespace nsd
