// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace nsd::client {

// The systemd that runs this machine, as far as `nsctl unit` has to do with it. Every method throws Error.
class ServiceManager {
  public:
    ServiceManager() = default;
    ServiceManager(const ServiceManager&) = delete;
    ServiceManager& operator=(const ServiceManager&) = delete;
    virtual ~ServiceManager() = default;

    // The major version: 252.
    [[nodiscard]] virtual unsigned version() = 0;
    // argv of each ExecStart= of a service. Empty: it has none, or there is no such unit.
    [[nodiscard]] virtual std::vector<std::vector<std::string>> startCommands(const std::string& unit) = 0;
    // As systemctl daemon-reload.
    virtual void reload() = 0;
};

// The one on the system bus. Throws Error where it cannot be reached.
[[nodiscard]] std::unique_ptr<ServiceManager> connectToSystemd();

} // namespace nsd::client
