// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/verbs/verb.hpp"

#include <span>
#include <string>

namespace nsd::client {

// The options that every verb takes; they may stand before the verb, too.
[[nodiscard]] std::span<const Option> globalOptions() noexcept;

// Those, and what stands before the verb alone.
[[nodiscard]] std::span<const Option> leadingOptions() noexcept;

// What --help says: about nsctl, and about one verb. Without a newline at the end.
[[nodiscard]] std::string helpText();
[[nodiscard]] std::string helpText(const Verb& verb);

} // namespace nsd::client
