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
    result.unit = options.take<bool>("unit").value_or(result.unit);
    options.finish();
    if (result.unit && result.force)
        throw Error(Errc::InvalidArgument, "unit and force exclude each other");
    return result;
}

OptionMap answerOf(const DestroyResult& result, const Caller& caller) {
    OptionMap wire;
    wire.emplace("released", std::string(toWord(result.released)));
    if (result.released == Released::No)
        wire.emplace("holders", toWire(visibleTo(caller, result.holders)));
    if (!result.warnings.empty())
        wire.emplace("warnings", result.warnings);
    return wire;
}

void destroyAs(Context& context, const Call& call, const Uuid& target, const DestroyOptions& options,
    const Reply<OptionMap>& reply) {
    auto allowed = [&context, target, options, reply](const Caller& caller) {
        auto wanted = options;
        wanted.by = requesterOf(caller);
        // Destroys of the same namespace have one result, but each caller sees his own of it.
        context.namespaces.destroy(target, wanted,
            reply.then<DestroyResult>(
                [reply, caller](const DestroyResult& result) { reply.send(answerOf(result, caller)); }));
    };
    context.access.check(
        options.unit ? call.as("Destroy unit") : call, target, reply.then<Caller>(std::move(allowed)));
}

// What nsd@ is to stop may be gone already, and then it has stopped.
void answerGone(Context& context, const Call& call, const Reply<OptionMap>& reply) {
    context.access.check(call.as("Destroy unit"), std::nullopt,
        reply.then<Caller>(
            [reply](const Caller& caller) { reply.send(answerOf({.released = Released::Yes}, caller)); }));
}

} // namespace

void destroy(
    Context& context, const Call& call, std::string name, OptionMap given, const Reply<OptionMap>& reply) {
    const auto options = readOptions(std::move(given));
    const Name wanted(std::move(name));
    if (options.unit && !context.namespaces.has(wanted))
        answerGone(context, call, reply);
    else
        destroyAs(context, call, context.namespaces.find(wanted).uuid, options, reply);
}

void destroy(
    Context& context, const Call& call, const Uuid& target, OptionMap given, const Reply<OptionMap>& reply) {
    destroyAs(context, call, target, readOptions(std::move(given)), reply);
}

} // namespace nsd::bus
