// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nsd {

// What is wrong at one place of a configuration file.
struct Problem {
    // An unknown key may be one of a later version, so nsd starts with it; --check-config does not
    // let it pass.
    enum class Severity { Warning, Error };

    Severity severity = Severity::Error;
    std::string pointer; // RFC 6901; empty: the whole file
    std::string text;
    unsigned line = 0; // from 1; 0: not known

    friend bool operator==(const Problem&, const Problem&) = default;
};

// "/worker-deadline: must be …"
[[nodiscard]] std::string describe(const Problem& problem);
// "/etc/nsd/nsd.json:7: /worker-deadline: must be …"
[[nodiscard]] std::string describe(const std::string& file, const Problem& problem);

// Fills in the line of each problem whose place the text has: a key's is where the key stands, an
// element's where it begins. What is missing altogether is at the line of what it is missing from.
// Brings them into the order of the text.
void locate(std::string_view text, std::vector<Problem>& problems);

} // namespace nsd
