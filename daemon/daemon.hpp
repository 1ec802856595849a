// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/options.hpp"

namespace nsd {

constexpr int exitUsage = 2;
constexpr int exitConfig = 78; // EX_CONFIG of sysexits.h

// nsd from its start to its end; answers the exit status. Whatever goes wrong is logged here.
[[nodiscard]] int runDaemon(BusKind bus);
// Says on stderr everything that is wrong with nsd.json and the definitions: exitConfig if there was
// anything.
[[nodiscard]] int checkConfig();
// "nsd 1.2.3"
[[nodiscard]] const char* versionLine();

} // namespace nsd
