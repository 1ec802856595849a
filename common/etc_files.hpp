// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <map>
#include <string>

namespace nsd {

// Files that a network namespace has in /etc instead of the host's: their names and texts.
using EtcFiles = std::map<std::string, std::string>;

constexpr std::size_t maxEtcFiles = 64;
constexpr std::size_t maxEtcBytes = 256UL * 1024; // all texts together

// A plain name, in UTF-8 without control characters.
[[nodiscard]] bool isEtcFileName(const std::string& name);
// UTF-8 without a NUL.
[[nodiscard]] bool isEtcText(const std::string& text);
// No more than that, with such names and texts. Throws Error{InvalidArgument} with the file.
void checkEtcFiles(const EtcFiles& files);

} // namespace nsd
