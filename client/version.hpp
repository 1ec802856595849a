// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace nsd::client {

// CMake's PROJECT_VERSION.
constexpr auto version = NSD_VERSION;

} // namespace nsd::client
