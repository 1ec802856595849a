// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"
#include "daemon/core/net_register.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace nsd {

// The NetRegister of the host that nsd runs on: iproute2's directory, in which each name is a file with a
// network namespace bound on it, and the ids of rtnetlink. A name is a second bind mount and never a link to
// nsd's pin: `ip netns del` unmounts what it finds.
class HostNetRegister final : public NetRegister {
  public:
    // `directory`: /run/netns. Made at the first show() as iproute2 makes it, and never removed.
    explicit HostNetRegister(std::string directory) : directory_(std::move(directory)) {}

    [[nodiscard]] std::string pathOf(const Name& name) const override;
    void show(int netNsFd, const Name& name) override;
    [[nodiscard]] bool shows(const Name& name, const NamespaceIdentity& net) const override;
    bool hide(const Name& name, const NamespaceIdentity& net) override;
    [[nodiscard]] std::int32_t number(int netNsFd) override;

  private:
    // The directory as a mount that spreads what is mounted in it.
    [[nodiscard]] UniqueFd prepare() const;
    // As it is; invalid where it is not there.
    [[nodiscard]] UniqueFd open() const;

    std::string directory_;
};

} // namespace nsd
