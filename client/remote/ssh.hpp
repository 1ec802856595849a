// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace nsd::client {

// The ssh line that runs `nsctl WORDS` on a host ("[USER@]HOST"); each word reaches it as it is, whatever the
// shell there would make of it. NSD_SSH names another ssh. Throws UsageError for what ssh would take for an
// option.
[[nodiscard]] std::vector<std::string> sshLine(
    const std::string& host, bool terminal, const std::vector<std::string>& words);

// Becomes ssh, with a terminal there if there is one here. Comes back only where it cannot be executed.
[[nodiscard]] int becomeRemote(const std::string& host, const std::vector<std::string>& words);

} // namespace nsd::client
