// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/process_object.hpp"

#include "daemon/bus/property.hpp"
#include "daemon/core/processes.hpp"
#include "dbus/names.hpp"
#include "dbus/object_path.hpp"

#include <utility>

namespace nsd::bus {

ProcessObject::ProcessObject(sdbus::IConnection& connection, Context& context, std::uint64_t number)
    : AdaptorInterfaces(connection, dbus::PathArg(dbus::processPath(number))),
      context_(context),
      number_(number) {
    registerAdaptor();
}

ProcessObject::~ProcessObject() {
    unregisterAdaptor();
}

void ProcessObject::announceEnd() {
    getObject().emitPropertiesChangedSignal(dbus::processInterface,
        {dbus::PropertyArg("State"), dbus::PropertyArg("Code"), dbus::PropertyArg("Status")});
}

const ProcessRecord& ProcessObject::record() const {
    const auto* const found = context_.processes.find(number_);
    if (found == nullptr)
        throw Error(Errc::InvalidArgument, "the process " + std::to_string(number_) + " is forgotten");
    return *found;
}

void ProcessObject::Kill(sdbus::Result<>&& result, std::int32_t signal) {
    serve(getObject(), weak_from_this().lock(), "Kill", std::move(result),
        [&](const Call& call, const auto& reply) {
            context_.access.check(call.onThatOf(record().uid), std::nullopt,
                reply.template then<Caller>(
                    [&context = context_, number = number_, signal, reply](const Caller&) {
                        context.processes.kill(number, signal);
                        reply.send();
                    }));
        });
}

void ProcessObject::Wait(sdbus::Result<std::int32_t, std::int32_t>&& result) {
    serve(getObject(), weak_from_this().lock(), "Wait", std::move(result),
        [&](const Call& call, const auto& reply) {
            const auto wait = [&context = context_, number = number_, share = call.share, reply](
                                  const Caller&) {
                context.processes.wait(number, reply.template then<ProcessEnd>([reply](ProcessEnd end) {
                    reply.send(end.code, end.status);
                }));
                share->giveBack(); // who waits has no call under way
            };
            context_.access.check(
                call.onThatOf(record().uid), std::nullopt, reply.template then<Caller>(wait));
        });
}

template <class F>
auto ProcessObject::show(F&& read) const {
    return property([&] { return std::forward<F>(read)(record()); });
}

std::uint32_t ProcessObject::Pid() {
    return show([](const ProcessRecord& process) { return static_cast<std::uint32_t>(process.pid); });
}

std::uint32_t ProcessObject::Uid() {
    return show([](const ProcessRecord& process) { return process.uid; });
}

std::string ProcessObject::State() {
    return show([](const ProcessRecord& process) { return std::string(process.end ? "exited" : "running"); });
}

std::int32_t ProcessObject::Code() {
    return show([](const ProcessRecord& process) { return process.end ? process.end->code : 0; });
}

std::int32_t ProcessObject::Status() {
    return show([](const ProcessRecord& process) { return process.end ? process.end->status : 0; });
}

} // namespace nsd::bus
