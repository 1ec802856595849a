// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace nsd::client {

// One bus that may know nsd.
struct BusAddress {
    std::string address;     // as sd_bus_set_address(3) takes it
    std::string description; // for the user: "the system bus"
};

// Which buses to try, in this order: what was asked for, and that alone; else the system bus, and
// then the private one. A test's or an embedded machine's own addresses come in from the outside.
struct BusSelection {
    std::optional<std::string> option;      // --bus=
    std::optional<std::string> environment; // NSD_BUS_ADDRESS
    std::optional<std::string> systemBus;   // DBUS_SYSTEM_BUS_ADDRESS
};
[[nodiscard]] std::vector<BusAddress> selectBuses(const BusSelection& selection);

// The two variables of this process.
[[nodiscard]] BusSelection busSelectionFromEnvironment(std::optional<std::string> option);

} // namespace nsd::client
