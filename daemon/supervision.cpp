// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/supervision.hpp"

#include "common/error.hpp"
#include "common/unique_fd.hpp"
#include "systemd/notify.hpp"

#include <cerrno>
#include <fcntl.h>

namespace nsd {

Supervision::Supervision(const Parts& parts)
    : parts_(parts),
      statusLine_(
          parts.loop, [this] { return status(); }, notify::status),
      watchdog_(parts.loop, parts.log, notify::watchdogTime(), [this] { tryToOpen(); }) {
    parts_.namespaces.attach(&statusLine_);
    parts_.processes.attach(&statusLine_);
    notify::ready(status());
}

Supervision::~Supervision() {
    parts_.processes.detach(&statusLine_);
    parts_.namespaces.detach(&statusLine_);
}

std::string Supervision::status() const {
    const auto workers = parts_.kernel.workers();
    auto text = std::to_string(parts_.namespaces.count()) + " namespaces, " +
                std::to_string(parts_.processes.runningCount()) + " processes, " +
                std::to_string(parts_.namespaces.leaseCount()) + " leases, " +
                std::to_string(workers.running) + " workers";
    if (workers.stuck > 0)
        text += " (" + std::to_string(workers.stuck) + " stuck)";
    return text;
}

void Supervision::tryToOpen() {
    const UniqueFd own(::open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
    if (!own)
        throw kernelError("open", "/proc/self/ns/net", errno);
    const UniqueFd pins(::openat(parts_.pins, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!pins)
        throw kernelError("open", "the directory of the pins", errno);
    statusLine_.touch(); // workers come and go without a word
}

} // namespace nsd
