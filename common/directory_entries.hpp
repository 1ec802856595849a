// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace nsd {

// Names in a directory, without "." and "..", in bytewise order. The descriptor's own position in the
// directory stays as it is. Throws Error.
[[nodiscard]] std::vector<std::string> entriesOf(int directory);

} // namespace nsd
