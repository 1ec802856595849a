// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <map>
#include <string>
#include <vector>

namespace nsd::test {

// org.nsd1.Manager.Enter as any client calls it, without nsctl: type → descriptor. Throws with the
// name and the text of the D-Bus error.
[[nodiscard]] std::map<std::string, UniqueFd> enterOverBus(
    const std::string& address, const std::string& name, const std::vector<std::string>& types);

} // namespace nsd::test
