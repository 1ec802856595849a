// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/transient_units.hpp"

#include "daemon/bus/reply.hpp"
#include "dbus/compat.hpp"
#include "dbus/names.hpp"

#include <chrono>
#include <utility>
#include <vector>

namespace nsd::bus {
namespace {

using Property = sdbus::Struct<std::string, sdbus::Variant>;
using Command = sdbus::Struct<std::string, std::vector<std::string>, bool>;
using AuxiliaryUnit = sdbus::Struct<std::string, std::vector<Property>>;

constexpr std::chrono::microseconds patience{5'000'000};
constexpr uid_t firstUser = 1000; // below are the system's; as in logind's user slices

std::string sliceOf(uid_t uid) {
    return uid >= firstUser ? "user-" + std::to_string(uid) + ".slice" : "system.slice";
}

std::vector<Property> propertiesOf(const SupervisorStart& start, const HelperCommand& command) {
    std::vector<std::string> argv{command.program};
    argv.insert(argv.end(), command.arguments.begin(), command.arguments.end());
    const std::vector<Command> commands{Command{command.program, argv, false}};
    std::vector<Property> properties;
    const auto add = [&](const char* name, auto value) {
        properties.emplace_back(std::string(name), sdbus::Variant(std::move(value)));
    };
    add("Description", "nsd: " + start.what);
    add("Slice", sliceOf(start.uid));
    add("Type", std::string("exec"));
    add("CollectMode", std::string("inactive-or-failed"));
    add("StandardInputFileDescriptor", sdbus::UnixFd(start.socket.get()));
    add("StandardOutput", std::string("null"));
    add("StandardError", std::string("journal"));
    // What a command of Exec leaves in the background lives on, as without systemd; a stop ends the command
    // by its supervisor, which passes the signal on.
    add("KillMode", std::string(command.endsWithItsOwn ? "control-group" : "process"));
    add("ExecStart", commands);
    return properties;
}

} // namespace

TransientUnits::TransientUnits(
    sdbus::IConnection& connection, SupervisorStarter& otherwise, HelperCommand command)
    : otherwise_(otherwise),
      command_(std::move(command)),
      bus_(dbus::makeProxy(connection, dbus::busName, dbus::busPath)),
      systemd_(dbus::makeProxy(connection, dbus::systemdName, dbus::systemdPath)) {}

TransientUnits::~TransientUnits() = default;

void TransientUnits::start(SupervisorStart start, Completion<Done> done) {
    auto call = dbus::makeCall(*bus_, dbus::busName, "NameHasOwner");
    call << std::string(dbus::systemdName);
    const auto shared = std::make_shared<SupervisorStart>(std::move(start));
    dbus::callAsync(
        *bus_, call, patience, [this, shared, done](sdbus::MethodReply* reply, const Error* /*error*/) {
            try {
                bool owned = false;
                if (reply != nullptr)
                    *reply >> owned;
                if (owned)
                    startUnit(*shared, done);
                else
                    otherwise_.start(std::move(*shared), done);
            } catch (...) {
                done(currentError());
            }
        });
}

void TransientUnits::startUnit(const SupervisorStart& start, const Completion<Done>& done) {
    auto call = dbus::makeCall(*systemd_, dbus::systemdManagerInterface, "StartTransientUnit");
    const auto unit = command_.unit + '-' + std::to_string(start.number) + ".service";
    call << unit << std::string("fail") << propertiesOf(start, command_) << std::vector<AuxiliaryUnit>();
    dbus::callAsync(*systemd_, call, patience, [done, unit](sdbus::MethodReply* reply, const Error* error) {
        if (reply != nullptr)
            done(Done{});
        else
            done(Error(Errc::KernelError,
                "systemd does not start " + unit + ": " + (error == nullptr ? "no answer" : error->text())));
    });
}

} // namespace nsd::bus
