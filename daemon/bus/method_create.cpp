// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_create.hpp"

#include "daemon/bus/create_options.hpp"
#include "daemon/bus/link_rights.hpp"
#include "daemon/core/caller_ids.hpp"
#include "dbus/object_path.hpp"

#include <string_view>
#include <utility>

namespace nsd::bus {
namespace {

constexpr uid_t root = 0;

CreateRequest requestOf(CreateArguments arguments, const Caller& caller) {
    completeFor(arguments, caller);
    if (arguments.rootless && arguments.owner.value_or(caller.uid) == root)
        throw Error(Errc::InvalidArgument,
            "rootless is for an owner who is not root: root says for whom by option \"owner\"");
    return std::move(arguments.request);
}

std::string_view rowOf(const Context& context, const CreateArguments& arguments) {
    if (arguments.unit)
        return "Create unit";
    if (!arguments.request.cni.empty())
        return "Create cni";
    if (!arguments.rootless)
        return "Create";
    return context.kernel.usersMayMakeUserNamespaces() ? "Create rootless" : "Create rootless disabled";
}

using Published = Completion<Uuid>;

void start(Context& context, CreateRequest request, bool unit, Published published) {
    if (unit)
        context.namespaces.createForUnit(std::move(request), std::move(published));
    else
        context.namespaces.create(std::move(request), std::move(published));
}

} // namespace

void create(Context& context, const Call& call, std::string name, const Words& types, OptionMap options,
    const Reply<sdbus::ObjectPath>& reply) {
    auto arguments = readCreateArguments(std::move(name), types, std::move(options));
    const auto row = rowOf(context, arguments);
    const auto making = call.making(arguments.request);
    arguments.request.peers = peersOf(context.namespaces, arguments.request.spec.links);
    auto checks = checksOf(arguments.request.spec.links, arguments.request.peers);
    if (arguments.request.publish)
        checks.push_back({"Create publish"});
    checks.push_back({row});
    auto published = reply.then<Uuid>(
        [reply](const Uuid& uuid) { reply.send(sdbus::ObjectPath(dbus::objectPath(uuid))); });
    auto allowed = [&context, arguments = std::move(arguments), published = std::move(published), reply](
                       const Caller& caller) mutable {
        const bool unit = arguments.unit;
        const auto etc = std::move(arguments.etc);
        auto request = requestOf(std::move(arguments), caller);
        if (!etc) {
            start(context, std::move(request), unit, std::move(published));
            return;
        }
        context.etc.readDirectory(std::move(*etc), idsOf(caller, {}),
            reply.then<EtcFiles>(
                [&context, request = std::move(request), unit, published](EtcFiles files) mutable {
                    request.spec.etc = std::move(files);
                    start(context, std::move(request), unit, std::move(published));
                }));
    };
    checkEach(context, making, std::move(checks), reply, std::move(allowed));
}

} // namespace nsd::bus
