// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "config/network_attachment.hpp"
#include "daemon/cni/chain.hpp"
#include "daemon/protocol/plugin_messages.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace nsd::cni {

// Runs plugins as processes, one at a time. What does not end in its time, or before whoever asked for it
// has gone, is killed with all that it started.
class PluginProcesses {
  public:
    // `client` is the socket of who asked; it is only watched.
    PluginProcesses(const protocol::PluginRequest& request, const NetworkAttachment& attachment, int client);

    // Throws Error: "cni: bridge: …", TimedOut for what was killed.
    [[nodiscard]] std::string run(const PluginCall& call) const;

  private:
    [[nodiscard]] std::string find(const std::string& type) const;
    [[nodiscard]] std::vector<std::string> environmentFor(const std::string& command) const;

    const protocol::PluginRequest& request_;
    const NetworkAttachment& attachment_;
    int client_;
};

// What a plugin that failed has to say: "failed to allocate … (code 999)".
[[nodiscard]] std::string complaintOf(const std::string& printed, const std::string& errors);

} // namespace nsd::cni
