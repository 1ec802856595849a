// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <string_view>

namespace nsd::client {

// A span as systemd.time(7) writes it: "90", "1h 30min", "1.5s", "200ms"; without a unit: seconds.
// A leading '-' makes it negative. Throws UsageError that names the text; so does "infinity", since
// every span here is a real one.
[[nodiscard]] std::chrono::nanoseconds parseTimeSpan(std::string_view text);

// The same, not negative, rounded up to microseconds: a span that was given is never rounded to
// "none".
[[nodiscard]] std::chrono::microseconds parseDuration(std::string_view text);

} // namespace nsd::client
