// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"
#include "client/live/top_sample.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace nsd::client {

struct TopRequest {
    std::chrono::microseconds pause{};
    std::optional<std::uint32_t> count{}; // of samples; empty: until somebody ends it
    std::string sort;
};

// Shows what the namespaces use on the terminal that standard input and output are, until q is pressed or a
// signal comes; then the terminal is as it was. Answers the exit status.
[[nodiscard]] int showTop(Client& client, Usages& usages, TopRequest request);

} // namespace nsd::client
