// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/verbs/verb_context.hpp"

#include <string>
#include <vector>

namespace nsd::client {

// nsctl as a function: the command line without the program's name → the exit status. Everything that
// goes wrong is told in one line on the console; nothing is thrown. (Where exec works, it does not
// come back.)
[[nodiscard]] int nsctl(const std::vector<std::string>& line, Surroundings& surroundings) noexcept;

} // namespace nsd::client
