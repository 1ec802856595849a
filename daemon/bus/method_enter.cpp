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

NamespaceTypes typesOf(const Opened& opened) {
    NamespaceTypes types;
    for (const auto& [type, fd] : opened)
        types.insert(type);
    return types;
}

// Only who could join it by himself is given one.
bool maySee(const Caller& caller, const NamespaceRecord& record, NamespaceTypes types) {
    return caller.uid == root ||
           (types.contains(NamespaceType::User) && record.userNamespaceOwner == caller.uid);
}

bool wantsView(const Context& context, const Uuid& target, const UniqueFd& callersMounts,
    const Caller& caller, NamespaceTypes types) {
    const auto* const record = context.namespaces.findByUuid(target);
    return callersMounts && record != nullptr && needsView(types) && maySee(caller, *record, types) &&
           context.views.isHost(callersMounts.get());
}

void send(Opened opened, UniqueFd view, const Reply<FdMap>& reply) {
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
        const auto opened = std::make_shared<Opened>(context.namespaces.open(target, types));
        const auto joined = typesOf(*opened);
        if (!wantsView(context, target, *callersMounts, caller, joined)) {
            send(std::move(*opened), UniqueFd(), reply);
            return;
        }
        context.views.open(target, joined, reply.then<UniqueFd>([opened, reply](UniqueFd view) {
            send(std::move(*opened), std::move(view), reply);
        }));
    };
    context.access.check(call, target, reply.then<Caller>(std::move(allowed)));
}

} // namespace nsd::bus
