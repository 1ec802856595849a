// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_socket.hpp"

#include "daemon/bus/option_reader.hpp"
#include "daemon/core/caller_ids.hpp"
#include "daemon/core/socket_rules.hpp"

#include <utility>

namespace nsd::bus {

void openSocket(Context& context, const Call& call, const Uuid& target, const SocketSpec& asked,
    OptionMap options, const Reply<sdbus::UnixFd>& reply) {
    OptionReader("OpenSocket", std::move(options)).finish();
    const auto socket = checkedSocket(asked);
    auto opened = reply.then<UniqueFd>([reply](UniqueFd fd) { reply.send(dbus::giveFd(std::move(fd))); });
    auto allowed = [&context, target, socket, reply, opened = std::move(opened)](const Caller& caller) {
        context.kernel.lookUpUser(caller.uid,
            reply.then<UserEntry>([&context, target, socket, caller, opened](const UserEntry& entry) {
                context.namespaces.openSocket(target, socket, idsOf(caller, entry), opened);
            }));
    };
    context.access.check(call, target, reply.then<Caller>(std::move(allowed)));
}

} // namespace nsd::bus
