// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace nsd::client {

// Becomes the command, looked up in PATH. Comes back only where it cannot be executed: with the exit
// status for that, 126 or 127, told on standard error under `what`.
[[nodiscard]] int execute(const std::string& what, std::vector<std::string> command);

// "nsctl: what: why", on standard error: for what has no Console left.
void complain(const std::string& what, const std::string& why) noexcept;

} // namespace nsd::client
