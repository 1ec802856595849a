// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "config/problem.hpp"
#include "config/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nsd {

// What a file gave: settings with the default wherever there is a problem, and all problems at once.
struct SettingsReading {
    Settings settings;
    std::vector<Problem> problems;

    // Whether a problem is more than a key that this version does not know.
    [[nodiscard]] bool hasErrors() const noexcept;
};

[[nodiscard]] SettingsReading readSettings(std::string_view json);
// A file that is not there gives the defaults. One that cannot be read is a problem like any other.
[[nodiscard]] SettingsReading readSettingsFile(const std::string& path);

} // namespace nsd
