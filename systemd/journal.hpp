// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string>

// The systemd journal, for what has fields of its own; everything else goes to stderr.
namespace nsd::journal {

// Whether what is written to the descriptor ends in the journal.
[[nodiscard]] bool isStream(int fd);
// One entry of "FIELD=value"s. False: the journal does not take it.
[[nodiscard]] bool send(std::span<const std::string> fields) noexcept;

} // namespace nsd::journal
