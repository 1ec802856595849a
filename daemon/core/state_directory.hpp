// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <string>

namespace nsd {

// Opens a directory of root's own in the state directory (/var/lib/nsd). With `make` both are made where
// they are missing; without, the answer is invalid where it is not there. Throws Error.
[[nodiscard]] UniqueFd openInStateDirectory(
    const std::string& stateDirectory, const std::string& leaf, bool make);

} // namespace nsd
