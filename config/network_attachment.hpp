// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nsd {

// A namespace on a network that CNI plugins make: what its file says ("cni" in its directory). The file grows
// by whole lines, each written with one write(2): whoever begins writes the first, and nsd-cni one for each
// plugin that has answered. So it is there before the first plugin runs, and whoever finds it knows that
// there may be something to take down, and with which results.
struct NetworkAttachment {
    std::string container{};  // by which the plugins know it: the namespace's UUID
    std::string interface {}; // its link inside
    std::string conflist{};   // JSON, see config/conflist
    std::string result{};     // of the last plugin that answered, JSON; empty: of none
};

constexpr std::size_t maxAttachment = std::size_t{16} << 20U;

// One line each, with its newline.
[[nodiscard]] std::string toLine(const NetworkAttachment& attachment); // without the result
[[nodiscard]] std::string resultLine(const std::string& plugin, const std::string& result);
// A last line without its newline is not there yet. Throws Error{InvalidArgument} for what the functions
// above do not write.
[[nodiscard]] NetworkAttachment parseNetworkAttachment(std::string_view text);

} // namespace nsd
