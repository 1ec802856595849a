// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

namespace nsd::bench {

// The result of a call that must work here; throws std::system_error that says what failed.
int must(int result, std::string_view what);

} // namespace nsd::bench
