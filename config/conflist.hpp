// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "config/problem.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nsd {

// A CNI network configuration list: which plugins make a network, in which order. As it is kept and handed
// on; whose keys mean what is the CNI specification's to say (github.com/containernetworking/cni).
struct Conflist {
    std::string text{};    // JSON on one line, without comments
    std::string network{}; // its name
    // Plugins that it needs, those that plugins call for addresses ("ipam") among them; each once.
    std::vector<std::string> programs{};
    std::size_t plugins = 0; // that run one after another
};

struct ConflistReading {
    Conflist conflist;
    std::vector<Problem> problems;
};

constexpr std::size_t maxConflist = std::size_t{64} << 10U;

// The versions of the specification that nsd can speak, the oldest first.
[[nodiscard]] std::span<const std::string_view> cniVersions() noexcept;

// All problems at once, each with its line. What comes back without one names programs alone, never a path.
// Comments are allowed. Beside the keys of the specification there is "runtimeConfig": what each plugin gets
// of it are the capabilities that it declares.
[[nodiscard]] ConflistReading readConflist(std::string_view text);

// What the reader says in one sentence; throws Error{InvalidArgument} with it.
[[nodiscard]] Conflist conflistOf(std::string_view text);

} // namespace nsd
