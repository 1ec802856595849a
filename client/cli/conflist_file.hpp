// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace nsd::client {

// The text of a CNI network configuration list, which nsd reads: its paths are not ours. Throws Error for one
// that cannot be read, is empty, or is larger than nsd takes.
[[nodiscard]] std::string readConflistFile(const std::string& path);

} // namespace nsd::client
