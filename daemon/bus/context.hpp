// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "daemon/bus/access.hpp"
#include "daemon/bus/client_tracker.hpp"
#include "daemon/core/kernel.hpp"
#include "daemon/core/namespaces.hpp"
#include "daemon/core/processes.hpp"
#include "daemon/core/views.hpp"

#include <functional>
#include <string>

namespace nsd::bus {

// What the methods work with. BusService owns it; everything that it refers to outlives it.
struct Context {
    Loop& loop;
    Log& log;
    Namespaces& namespaces;
    Kernel& kernel;
    Access& access;
    ClientTracker& clients;
    Processes& processes;
    Views& views;
    EtcMaker& etc;
    std::string busId; // of the bus that this connection is on
    std::string version;
    std::string pinsDirectory;        // "/run/nsd/ns", for the property Pins
    std::string definitionsDirectory; // "/etc/nsd/namespaces.d"
    std::function<void()> reload;     // reads the settings again; throws Error and changes nothing
};

} // namespace nsd::bus
