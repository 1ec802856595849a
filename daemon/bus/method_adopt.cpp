// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_adopt.hpp"

#include "daemon/bus/create_options.hpp"
#include "dbus/object_path.hpp"

#include <memory>
#include <utility>

namespace nsd::bus {
namespace {

struct Adopting {
    CreateArguments arguments;
    BroughtNamespaces fds;
    AdoptionFacts facts;
};

BroughtNamespaces takeFds(Kernel& kernel, const FdMap& received) {
    BroughtNamespaces fds(kernel);
    for (const auto& [word, fd] : received)
        fds.add(namespaceTypeFromWord(word), dbus::takeFd(fd));
    return fds;
}

} // namespace

void adopt(Context& context, const Call& call, std::string name, const FdMap& received, OptionMap options,
    const Reply<sdbus::ObjectPath>& reply) {
    auto arguments = readAdoptArguments(std::move(name), std::move(options));
    auto fds = takeFds(context.kernel, received);
    auto facts = context.namespaces.inspect(fds.all());
    for (const auto& [type, identity] : facts.identities)
        arguments.request.spec.types.insert(type);

    auto making = call.making(arguments.request);
    making.owner = facts.rightfulOwner;
    const auto adopting =
        std::make_shared<Adopting>(Adopting{std::move(arguments), std::move(fds), std::move(facts)});
    auto allowed = [&context, adopting, reply](const Caller& caller) {
        completeFor(adopting->arguments, caller);
        context.namespaces.adopt(
            {std::move(adopting->arguments.request), std::move(adopting->fds), std::move(adopting->facts)},
            reply.then<Uuid>(
                [reply](const Uuid& uuid) { reply.send(sdbus::ObjectPath(dbus::objectPath(uuid))); }));
    };
    context.access.check(making, std::nullopt, reply.then<Caller>(std::move(allowed)));
}

} // namespace nsd::bus
