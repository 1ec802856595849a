// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/bus/bus_address.hpp"
#include "client/bus/dbus_client.hpp"
#include "client/enter/enter.hpp"
#include "client/nsctl.hpp"
#include "client/output/console.hpp"

#include <memory>
#include <string>
#include <vector>

int main(int argc, char** argv) {
    using namespace nsd::client;
    StandardConsole console;
    const auto connect = [](const Globals& globals) -> std::unique_ptr<Client> {
        return std::make_unique<DbusClient>(
            selectBuses(busSelectionFromEnvironment(globals.bus)), globals.askPassword);
    };
    Surroundings surroundings{console, connect, enterAndRun};
    return nsctl(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), surroundings);
}
