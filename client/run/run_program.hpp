// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace nsd::client {

// Runs a small program to its end, found in PATH, and answers what it wrote to standard output. Throws Error
// with what it wrote to standard error where it fails, and with the package to install where it is not there.
[[nodiscard]] std::string readProgram(const std::vector<std::string>& line);

} // namespace nsd::client
