// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <string>

namespace nsd {

// All of a regular file of at most 1 MiB. Throws Error whose text goes on from the file's name
// ("cannot be read: …", "is no file").
[[nodiscard]] std::string readTextFile(const UniqueFd& file);

} // namespace nsd
