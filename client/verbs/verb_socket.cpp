// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/socket/listen_fds.hpp"
#include "client/socket/socket_address.hpp"
#include "client/verbs/verb.hpp"

#include <utility>

namespace nsd::client {
namespace {

int run(VerbContext& context, const Arguments& arguments) {
    const auto& words = arguments.words();
    const auto& name = words[0];
    const auto address = parseSocketAddress(words[1]);
    auto socket = context.client().openSocket(name, address.family, address.type);
    if (address.local)
        bindSocket(socket.get(), *address.local, address.type == SOCK_STREAM);
    return context.handOver([&] {
        return runWithSocket("socket " + name, std::move(socket), name, {words.begin() + 2, words.end()});
    });
}

} // namespace

const Verb socketVerb{"socket", nullptr, "run a command outside with a socket inside",
    {"NAME tcp|udp[6][:ADDRESS:PORT] [--] COMMAND…", 3, anyNumber, true, 2}, {},
    "The command gets the socket as descriptor 3, as a service of systemd gets its own (sd_listen_fds(3)):\n"
    "bound, and for tcp listening, where an address is given (port 0: the kernel chooses one).\n"
    "Exit status: the command's own; 125 where nsctl failed before it, 126 not executable, 127 not found.",
    "nsctl socket web tcp:0.0.0.0:8080 -- ./my-http-server", exitNotRun, run};

} // namespace nsd::client
