// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_edit.hpp"

#include <utility>

namespace nsd::bus {

void rename(Context& context, const Call& call, std::string from, std::string to, const Reply<>& reply) {
    const Name oldName(std::move(from));
    const Name newName(std::move(to));
    const auto& record = context.namespaces.find(oldName);
    const auto target = record.uuid;
    auto renamed = reply.then<Caller>([&context, target, newName, reply](const Caller&) {
        context.namespaces.rename(target, newName);
        reply.send();
    });
    if (record.publicNames.empty()) {
        context.access.check(call, target, std::move(renamed));
        return;
    }
    context.access.check(call.as("Rename publish"), target,
        reply.then<Caller>([&context, call, target, renamed = std::move(renamed)](
                               const Caller&) { context.access.check(call, target, renamed); }));
}

void setLabels(Context& context, const Call& call, const Uuid& target, TextMap labels, const Reply<>& reply) {
    context.access.check(call, target,
        reply.then<Caller>([&context, target, labels = std::move(labels), reply](const Caller&) mutable {
            context.namespaces.setLabels(target, std::move(labels));
            reply.send();
        }));
}

} // namespace nsd::bus
