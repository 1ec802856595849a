// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "daemon/core/audit.hpp"
#include "daemon/core/authority.hpp"
#include "daemon/core/kernel.hpp"
#include "daemon/core/namespaces.hpp"
#include "daemon/core/processes.hpp"
#include "daemon/core/views.hpp"

#include <functional>
#include <memory>
#include <string>

namespace sdbus {
class IConnection;
}

namespace nsd::bus {

class ClientTracker;

// org.nsd1 on a bus: everything of the interface, over the core. Answers that are under way hold on
// to the connection, and they may sit in the authority, in the core, in the kernel port and among what
// was posted to the loop; so this goes first, then those, and the connection last of all.
class BusService {
  public:
    struct Parts {
        sdbus::IConnection& connection;
        Loop& loop;
        Log& log;
        Namespaces& namespaces;
        Kernel& kernel;
        Authority& authority;
        Audit& audit;
        Processes& processes;
        ClientTracker& clients;
        Views& views;
        EtcMaker& etc;
    };
    struct Settings {
        std::string version;
        std::string pinsDirectory;        // as clients see it: "/run/nsd/ns"
        std::string definitionsDirectory; // "/etc/nsd/namespaces.d"
        std::function<void()> reload;     // for Manager.Reload; throws Error and then changed nothing
    };

    // Registers the manager and an object for each namespace there is, and from then on follows the
    // core's events. Nobody can call it by its name before start().
    BusService(const Parts& parts, Settings settings);
    ~BusService();
    BusService(const BusService&) = delete;
    BusService& operator=(const BusService&) = delete;

    // Takes the name org.nsd1. Throws Error where somebody else has it.
    void start();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace nsd::bus
