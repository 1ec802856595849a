// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/enter/companion.hpp"
#include "common/unique_fd.hpp"

#include <string>
#include <vector>

namespace nsd::client {

// A lease that nsctl holds for a command. Says on standard error, once, when it is revoked; the command
// goes on, since it may have more to do than what the namespace was for.
class HeldLease final : public Companion {
  public:
    // `what`: "hold web", the beginning of what is told.
    HeldLease(std::string what, UniqueFd lease);

    [[nodiscard]] int fd() const noexcept override { return lease_.get(); }
    void begin() noexcept override;
    [[nodiscard]] bool look() noexcept override;

  private:
    std::string what_;
    UniqueFd lease_;
    bool told_ = false;
};

// Runs the command while the lease is held; answers its exit status, 126 or 127 where it cannot be
// executed. The command itself does not get the lease. Throws Error where nothing was started.
[[nodiscard]] int runHolding(const std::string& what, UniqueFd lease, std::vector<std::string> command);

} // namespace nsd::client
