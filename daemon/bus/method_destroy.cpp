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

OptionMap answerOf(const DestroyResult& result) {
    OptionMap wire;
    wire.emplace("released", std::string(toWord(result.released)));
    if (result.released == Released::No)
        wire.emplace("holders", toWire(result.holders));
    return wire;
}

} // namespace

void destroy(
    Context& context, const Call& call, const Uuid& target, OptionMap given, const Reply<OptionMap>& reply) {
    const auto options = readOptions(std::move(given));
    auto destroyed =
        reply.then<DestroyResult>([reply](const DestroyResult& result) { reply.send(answerOf(result)); });
    context.access.check(call, target,
        reply.then<Caller>([&context, target, options, destroyed = std::move(destroyed)](
                               const Caller&) { context.namespaces.destroy(target, options, destroyed); }));
}

} // namespace nsd::bus
