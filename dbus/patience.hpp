// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>

namespace nsd::dbus {

// How long polkit may take over one question: while a user is asked for a password, and while it only
// has to look into its rules. Whoever calls nsd has to wait that much longer for its answer.
constexpr std::chrono::seconds interactivePatience{120};
constexpr std::chrono::seconds plainPatience{10};

} // namespace nsd::dbus
