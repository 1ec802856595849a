// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "common/outcome.hpp"

#include <chrono>
#include <string>
#include <vector>

// What the daemon and nsd-cni say to each other, like daemon/protocol/messages: one request and Done or an
// Error. Then the socket closes; whoever closes it before has given the work up.
namespace nsd::protocol {

// In: the record of the attachment (config/network_attachment), open for reading and appending.
struct PluginRequest {
    bool add = false;    // else DEL
    std::string netns{}; // path of the network namespace; empty: it is gone
    std::vector<std::string> path{};
    std::chrono::milliseconds timeout{}; // for each plugin
};

[[nodiscard]] std::string encode(const PluginRequest& request);
[[nodiscard]] std::string encode(const Outcome<Done>& reply);
// Throw Error{KernelError} that says what is wrong with the text.
[[nodiscard]] PluginRequest decodePluginRequest(const std::string& text);
[[nodiscard]] Outcome<Done> decodePluginReply(const std::string& text);

} // namespace nsd::protocol
