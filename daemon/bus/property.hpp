// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/reply.hpp"

#include <utility>

namespace nsd::bus {

// Runs a property's getter. Only sdbus::Error may leave it: sdbus-c++ 1.2 lets everything else
// through into the C frames of sd-bus, which ends the daemon.
template <class F>
auto property(F&& read) {
    try {
        return std::forward<F>(read)();
    } catch (const sdbus::Error&) {
        throw;
    } catch (...) {
        throw dbus::toBusError(currentError());
    }
}

} // namespace nsd::bus
