// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/outcome.hpp"
#include "common/unique_fd.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace nsd {

// One run of the plugins of a network for one namespace.
struct PluginRun {
    enum class Command : std::uint8_t { Add, Del };

    Command command = Command::Del;
    UniqueFd record{};     // its NetworkAttachment, open for reading and appending
    std::string netns{};   // the pin, below the directory of the pins; empty: it is gone
    std::string network{}; // of one and the same, each run begins when those before it have ended
    std::size_t plugins = 1;
    std::string what{}; // "br0 of web", for a description
};

// Runs the plugins of CNI, outside of the daemon: they have all rights of the host's root. Nothing here
// blocks.
class NetworkPlugins {
  public:
    NetworkPlugins() = default;
    NetworkPlugins(const NetworkPlugins&) = delete;
    NetworkPlugins& operator=(const NetworkPlugins&) = delete;
    virtual ~NetworkPlugins() = default;

    // Throws Error{InvalidArgument} for a program that is not installed.
    virtual void checkInstalled(const std::vector<std::string>& programs) const = 0;
    // Answers with what the plugins complained about, or TimedOut. With ADD the record says by then how far
    // it came, and DEL is the caller's to ask for.
    virtual void run(PluginRun run, Completion<Done> done) = 0;
};

} // namespace nsd
