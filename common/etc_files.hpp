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

// No more than that, plain names, and text in UTF-8 without a NUL. Throws Error{InvalidArgument} with the
// file.
void checkEtcFiles(const EtcFiles& files);

} // namespace nsd
