// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace nsd {

// What is wrong at one place of a configuration file.
struct Problem {
    // An unknown key may be one of a later version, so nsd starts with it; --check-config does not
    // let it pass.
    enum class Severity { Warning, Error };

    Severity severity = Severity::Error;
    std::string pointer; // RFC 6901; empty: the whole file
    std::string text;

    friend bool operator==(const Problem&, const Problem&) = default;
};

// "/worker-deadline: must be …"
[[nodiscard]] std::string describe(const Problem& problem);

} // namespace nsd
