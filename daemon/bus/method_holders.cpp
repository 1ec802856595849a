// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_holders.hpp"

#include <utility>

namespace nsd::bus {

std::vector<Holder> visibleTo(const Caller& caller, std::vector<Holder> holders) {
    std::erase_if(holders, [&](const Holder& holder) { return !isOwn(caller.uid, holder.uid); });
    return holders;
}

OptionMaps toWire(const std::vector<Holder>& holders) {
    OptionMaps wire;
    wire.reserve(holders.size());
    for (const auto& holder : holders) {
        OptionMap row;
        row.emplace("kind", holder.kind);
        row.emplace("pid", holder.pid);
        row.emplace("comm", holder.comm);
        row.emplace("type", holder.type);
        row.emplace("detail", holder.detail);
        wire.push_back(std::move(row));
    }
    return wire;
}

void holders(Context& context, const Call& call, const Uuid& target, const Reply<OptionMaps>& reply) {
    auto found = [&context, target, reply](const Caller& caller) {
        auto answer = [caller, reply](
                          std::vector<Holder> all) { reply.send(toWire(visibleTo(caller, std::move(all)))); };
        context.namespaces.holders(target, reply.then<std::vector<Holder>>(std::move(answer)));
    };
    context.access.check(call, target, reply.then<Caller>(std::move(found)));
}

} // namespace nsd::bus
