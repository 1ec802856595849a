// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/helper_program.hpp"

#include <optional>

namespace nsd::client {

// polkit's agent for terminals (pkttyagent), which asks the user for a password on behalf of polkit where
// nobody else does. Owns the process: it is there, and known to polkit, when the constructor
// returns, and ends with this.
class PasswordAgent {
  public:
    // Starts none where nobody could be asked: stdin is no terminal, or polkit has no such agent here.
    PasswordAgent();

    [[nodiscard]] bool isThere() const noexcept { return program_.has_value(); }

  private:
    std::optional<HelperProgram> program_;
};

} // namespace nsd::client
