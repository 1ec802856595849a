// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_holders.hpp"

#include <utility>

namespace nsd::bus {

OptionMaps toWire(const std::vector<Holder>& found) {
    OptionMaps wire;
    wire.reserve(found.size());
    for (const auto& holder : found) {
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
        auto answer = [caller = caller.uid, reply](std::vector<Holder> all) {
            if (caller != 0)
                std::erase_if(all, [&](const Holder& holder) { return holder.uid != caller; });
            reply.send(toWire(all));
        };
        context.namespaces.holders(target, reply.then<std::vector<Holder>>(std::move(answer)));
    };
    context.access.check(call, target, reply.then<Caller>(std::move(found)));
}

} // namespace nsd::bus
