// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/bus/bus_address.hpp"
#include "client/bus/dbus_client.hpp"
#include "client/completion/completion.hpp"
#include "client/enter/enter.hpp"
#include "client/nsctl.hpp"
#include "client/output/console.hpp"
#include "client/remote/ssh.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

int main(int argc, char** argv) {
    namespace client = nsd::client;
    client::StandardConsole console;
    const bool completing = argc > 1 && std::string_view(argv[1]) == client::completionVerb;
    const auto connect = [completing](const client::Globals& globals) -> std::unique_ptr<client::Client> {
        return std::make_unique<client::DbusClient>(
            client::selectBuses(client::busSelectionFromEnvironment(globals.bus)),
            client::Manners{globals.askPassword, !completing});
    };
    client::Surroundings surroundings{console, connect, client::enterAndRun, client::runThroughDaemon,
        client::thisJoiner(), client::connectToSystemd, client::runInFresh, client::runForward,
        client::becomeRemote};
    return client::nsctl(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), surroundings);
}
