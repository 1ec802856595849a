// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace nsd::client {

// The names of all unit files that the systemd on the system bus knows. Throws Error.
[[nodiscard]] std::vector<std::string> unitFilesOfSystemd();

} // namespace nsd::client
