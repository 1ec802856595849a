// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/etc_files.hpp"
#include "common/log.hpp"
#include "config/plugin_settings.hpp"
#include "config/quota_limits.hpp"

#include <chrono>

namespace nsd {

// What an administrator may choose, as plain values within their ranges (config/settings_reader).
// nsd.json says what each one is; a member's initial value is the default.
struct Settings {
    Log::Level logLevel = Log::Level::Info;
    unsigned workers = 0; // 0: one for each processor
    std::chrono::microseconds workerDeadline{10'000'000};
    QuotaLimits quotas;
    EtcFiles etc{}; // that every network namespace gets
    PluginSettings plugins;
    friend bool operator==(const Settings&, const Settings&) = default;
};

} // namespace nsd
