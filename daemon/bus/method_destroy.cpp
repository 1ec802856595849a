// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_destroy.hpp"

#include "daemon/bus/method_holders.hpp"
#include "daemon/bus/option_reader.hpp"

#include <utility>

namespace nsd::bus {
namespace {

DestroyOptions readOptions(OptionMap given) {
    DestroyOptions result;
    OptionReader options("Destroy", std::move(given));
    result.force = options.take<bool>("force").value_or(result.force);
    result.patience = options.takeDuration("timeout").value_or(result.patience);
    options.finish();
    return result;
}

OptionMap answerOf(const DestroyResult& result, const Caller& caller) {
    OptionMap wire;
    wire.emplace("released", std::string(toWord(result.released)));
    if (result.released == Released::No)
        wire.emplace("holders", toWire(visibleTo(caller, result.holders)));
    return wire;
}

} // namespace

void destroy(
    Context& context, const Call& call, const Uuid& target, OptionMap given, const Reply<OptionMap>& reply) {
    const auto options = readOptions(std::move(given));
    auto allowed = [&context, target, options, reply](const Caller& caller) {
        // Destroys of the same namespace have one result, but each caller sees his own of it.
        context.namespaces.destroy(target, options,
            reply.then<DestroyResult>(
                [reply, caller](const DestroyResult& result) { reply.send(answerOf(result, caller)); }));
    };
    context.access.check(call, target, reply.then<Caller>(std::move(allowed)));
}

} // namespace nsd::bus
