// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_type.hpp"
#include "common/user_ids.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace nsd {

// What Exec takes of argv and environment together.
constexpr std::size_t maxCommandEntries = 1024;
constexpr std::size_t maxCommandBytes = 128UL * 1024;

// As execve(2) counts: with the 0 behind each word.
[[nodiscard]] inline std::size_t bytesOf(const std::vector<std::string>& words) noexcept {
    std::size_t size = 0;
    for (const auto& word : words)
        size += word.size() + 1;
    return size;
}

// A command to run inside of namespaces, checked before it gets here.
struct CommandSpec {
    std::vector<std::string> argv{};        // at least one word
    std::vector<std::string> environment{}; // exactly this
    std::string directory{};                // absolute, resolved inside as who runs it
    bool terminal = false;                  // its stdin is to be its controlling terminal
    UserIds ids{0, 0, {}};
    // Whose numbers the ids are where a user namespace is joined: those that are seen inside (root's
    // choice), or the host's, which have to be mapped.
    bool idsAreInside = false;
    bool keepsCapabilities = false; // for root alone
};

} // namespace nsd
