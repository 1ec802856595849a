// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_enter.hpp"

#include "daemon/bus/option_reader.hpp"

#include <map>
#include <memory>
#include <utility>

namespace nsd::bus {
namespace {

constexpr uid_t root = 0;
constexpr const char* viewKey = "view";

using Opened = std::map<NamespaceType, UniqueFd>;

// Only who could join it by himself is given one.
bool maySee(const Caller& caller, const NamespaceRecord& record, NamespaceTypes types) {
    return caller.uid == root ||
           (types.contains(NamespaceType::User) && record.userNamespaceOwner == caller.uid);
}

// The types that are joined, if a view goes with them.
NamespaceTypes viewedTypes(const Context& context, const Uuid& target, const UniqueFd& callersMounts,
    const Caller& caller, NamespaceTypes types) {
    const auto* const record = context.namespaces.findByUuid(target);
    if (!callersMounts || record == nullptr)
        return {};
    const auto joined = types.empty() ? record->types() : types;
    return needsView(joined) && maySee(caller, *record, joined) && context.views.isHost(callersMounts.get())
               ? joined
               : NamespaceTypes{};
}

void send(Opened&& opened, UniqueFd view, const Reply<FdMap>& reply) {
    FdMap fds;
    for (auto& [type, fd] : opened)
        fds.emplace(toWord(type), dbus::giveFd(std::move(fd)));
    if (view)
        fds.emplace(viewKey, dbus::giveFd(std::move(view)));
    reply.send(fds);
}

} // namespace

void enter(Context& context, const Call& call, const Uuid& target, const Words& words, OptionMap options,
    const Reply<FdMap>& reply) {
    OptionReader reader("Enter", std::move(options));
    const auto callersMounts = std::make_shared<UniqueFd>();
    if (const auto given = reader.take<sdbus::UnixFd>(viewKey))
        *callersMounts = dbus::takeFd(*given);
    reader.finish();
    if (*callersMounts)
        static_cast<void>(context.views.isHost(callersMounts->get())); // WrongFd before anybody is asked
    const auto types = words.empty() ? NamespaceTypes{} : namespaceTypesFromWords(words);
    auto allowed = [&context, target, types, callersMounts, reply](const Caller& caller) {
        const auto viewed = viewedTypes(context, target, *callersMounts, caller, types);
        if (viewed.empty()) {
            send(context.namespaces.open(target, types), UniqueFd(), reply);
            return;
        }
        // The pins are opened when the view is there: it may be destroyed until then.
        context.views.open(
            target, viewed, reply.then<UniqueFd>([&context, target, types, reply](UniqueFd view) {
                send(context.namespaces.open(target, types), std::move(view), reply);
            }));
    };
    context.access.check(call, target, reply.then<Caller>(std::move(allowed)));
}

} // namespace nsd::bus
