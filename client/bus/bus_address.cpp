// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/bus/bus_address.hpp"

#include <cstdlib>
#include <utility>

namespace nsd::client {
namespace {

constexpr auto defaultSystemBus = "unix:path=/run/dbus/system_bus_socket";
constexpr auto privateBus = "unix:path=/run/nsd/bus";

// An empty variable counts as none, as for D-Bus. secure_getenv: somebody may grant nsctl
// capabilities, and then its caller's environment must not lead it to another daemon.
std::optional<std::string> variable(const char* name) {
    const char* value = ::secure_getenv(name);
    return value != nullptr && *value != '\0' ? std::optional<std::string>(value) : std::nullopt;
}

} // namespace

std::vector<BusAddress> selectBuses(const BusSelection& selection) {
    if (selection.option)
        return {{*selection.option, *selection.option}};
    if (selection.environment)
        return {{*selection.environment, "NSD_BUS_ADDRESS " + *selection.environment}};
    return {{selection.systemBus.value_or(defaultSystemBus), "the system bus"},
        {privateBus, std::string("the private bus ") + privateBus}};
}

BusSelection busSelectionFromEnvironment(std::optional<std::string> option) {
    return {std::move(option), variable("NSD_BUS_ADDRESS"), variable("DBUS_SYSTEM_BUS_ADDRESS")};
}

} // namespace nsd::client
