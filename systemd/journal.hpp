// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string>

// The systemd journal, for what has fields of its own; everything else goes to stderr.
namespace nsd::journal {

enum class Sent {
    Yes,
    Full, // it has not read what it has, and takes nothing more now
    No    // there is none, or it takes no such entry
};

// Whether what is written to the descriptor ends in the journal.
[[nodiscard]] bool isStream(int fd);
// One entry of "FIELD=value"s. Never waits, as sd_journal_sendv(3) does where the journal hangs.
[[nodiscard]] Sent send(std::span<const std::string> fields) noexcept;

} // namespace nsd::journal
