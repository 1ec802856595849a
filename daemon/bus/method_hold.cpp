// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_hold.hpp"

#include "daemon/bus/option_reader.hpp"

#include <utility>

namespace nsd::bus {

void hold(Context& context, const Call& call, const Uuid& target, OptionMap options,
    const Reply<sdbus::UnixFd>& reply) {
    OptionReader("Hold", std::move(options)).finish();
    auto allowed = [&context, target, reply](const Caller& caller) {
        reply.send(dbus::giveFd(context.namespaces.hold(target, caller)));
    };
    context.access.check(call, target, reply.then<Caller>(std::move(allowed)));
}

} // namespace nsd::bus
