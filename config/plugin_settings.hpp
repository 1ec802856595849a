// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace nsd {

// Where CNI plugins are and how long each may take (core/network_plugins runs them). nsd.json says what each
// one is; a member's initial value is the default.
struct PluginSettings {
    std::vector<std::string> path{"/usr/lib/cni"};
    std::chrono::milliseconds timeout{10'000};
    friend bool operator==(const PluginSettings&, const PluginSettings&) = default;
};

} // namespace nsd
