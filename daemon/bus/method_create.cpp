// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_create.hpp"

#include "daemon/bus/create_options.hpp"
#include "dbus/object_path.hpp"

#include <utility>

namespace nsd::bus {
namespace {

constexpr uid_t root = 0;

CreateRequest requestOf(CreateArguments arguments, const Caller& caller) {
    auto request = std::move(arguments.request);
    if (arguments.owner && caller.uid != root)
        throw Error(Errc::AccessDenied,
            "option \"owner\" is for root alone, and uid " + std::to_string(caller.uid) + " gave it");
    request.caller = caller.uid;
    request.owner = caller.uid;
    request.spec.owner = arguments.owner;
    return request;
}

} // namespace

void create(Context& context, const Call& call, std::string name, const Words& types, OptionMap options,
    const Reply<sdbus::ObjectPath>& reply) {
    auto arguments = readCreateArguments(std::move(name), types, std::move(options));
    auto published = reply.then<Uuid>(
        [reply](const Uuid& uuid) { reply.send(sdbus::ObjectPath(dbus::objectPath(uuid))); });
    auto allowed = [&context, arguments = std::move(arguments), published = std::move(published)](
                       const Caller& caller) mutable {
        context.namespaces.create(requestOf(std::move(arguments), caller), std::move(published));
    };
    context.access.check(call, std::nullopt, reply.then<Caller>(std::move(allowed)));
}

} // namespace nsd::bus
