// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace nsd::client {

// All that is left to read. Throws Error{KernelError} that names the file by `path`.
[[nodiscard]] std::string readAll(int fd, const std::string& path);

} // namespace nsd::client
