// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <limits>
#include <string>

namespace nsd::client {

// All that is left to read; of what is longer than `most`, a little more than that. Throws
// Error{KernelError} that names the file by `path`.
[[nodiscard]] std::string readAll(
    int fd, const std::string& path, std::size_t most = std::numeric_limits<std::size_t>::max());

} // namespace nsd::client
