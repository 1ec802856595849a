// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_enter.hpp"

#include "daemon/bus/option_reader.hpp"

#include <utility>

namespace nsd::bus {

void enter(Context& context, const Call& call, const Uuid& target, const Words& words, OptionMap options,
    const Reply<FdMap>& reply) {
    OptionReader("Enter", std::move(options)).finish();
    const auto types = words.empty() ? NamespaceTypes{} : namespaceTypesFromWords(words);
    context.access.check(call, target, reply.then<Caller>([&context, target, types, reply](const Caller&) {
        FdMap fds;
        for (auto& [type, fd] : context.namespaces.open(target, types))
            fds.emplace(toWord(type), dbus::giveFd(std::move(fd)));
        reply.send(fds);
    }));
}

} // namespace nsd::bus
