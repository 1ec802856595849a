// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "daemon/core/namespaces.hpp"
#include "daemon/core/processes.hpp"
#include "daemon/kernel/linux_kernel.hpp"
#include "daemon/status_line.hpp"
#include "systemd/watchdog.hpp"

#include <string>

namespace nsd {

// What the service manager is told of a daemon that is ready: that it is, how much it keeps, and, in time,
// that it still works. Everything must outlive this.
class Supervision {
  public:
    struct Parts {
        Loop& loop;
        Log& log;
        Namespaces& namespaces;
        Processes& processes;
        const LinuxKernel& kernel;
        int pins; // the directory of the pins
    };

    // Whoever waits for nsd may come now.
    explicit Supervision(const Parts& parts);
    ~Supervision();
    Supervision(const Supervision&) = delete;
    Supervision& operator=(const Supervision&) = delete;

    // "3 namespaces, 1 processes, 0 leases, 4 workers"; the words do not depend on the numbers.
    [[nodiscard]] std::string status() const;

  private:
    // What every request needs: descriptors, /proc, the directory of the pins. Throws Error.
    void tryToOpen();

    Parts parts_;
    StatusLine statusLine_;
    Watchdog watchdog_;
};

} // namespace nsd
