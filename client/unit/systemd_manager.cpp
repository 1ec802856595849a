// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/unit/service_manager.hpp"

#include "client/bus/bus_error.hpp"
#include "client/bus/sd_message.hpp"
#include "common/error.hpp"

#include <charconv>
#include <cstdlib>
#include <string_view>
#include <systemd/sd-bus.h>
#include <utility>

namespace nsd::client {
namespace {

constexpr auto service = "org.freedesktop.systemd1";
constexpr auto managerPath = "/org/freedesktop/systemd1";
constexpr auto managerInterface = "org.freedesktop.systemd1.Manager";
constexpr auto serviceInterface = "org.freedesktop.systemd1.Service";

struct Close {
    void operator()(sd_bus* bus) const noexcept { sd_bus_flush_close_unref(bus); }
};
using Bus = std::unique_ptr<sd_bus, Close>;

Error errorOf(const BusError& error, int result) {
    return {
        Errc::KernelError, "systemd: " + (error.message().empty() ? errnoText(-result) : error.message())};
}

Bus openSystemBus() {
    sd_bus* raw = nullptr;
    if (const int result = sd_bus_open_system(&raw); result < 0)
        throw Error(
            Errc::KernelError, "systemd cannot be reached over the system bus: " + errnoText(-result));
    return Bus(raw);
}

// systemd over D-Bus.
class SystemdManager final : public ServiceManager {
  public:
    [[nodiscard]] unsigned version() override {
        char* raw = nullptr;
        BusError error;
        if (const int result = sd_bus_get_property_string(
                bus_.get(), service, managerPath, managerInterface, "Version", error.get(), &raw);
            result < 0)
            throw errorOf(error, result);
        const std::unique_ptr<char, decltype(&::free)> text(raw, ::free);
        unsigned number = 0; // "252.39-1~deb12u2", of a development version "v259-rc1"
        const std::string_view digits(*raw == 'v' ? raw + 1 : raw);
        std::from_chars(digits.data(), digits.data() + digits.size(), number);
        return number;
    }

    [[nodiscard]] std::vector<std::vector<std::string>> startCommands(const std::string& unit) override {
        sd_bus_message* raw = nullptr;
        BusError error;
        if (const int result = sd_bus_call_method(bus_.get(), service, managerPath, managerInterface,
                "LoadUnit", error.get(), &raw, "s", unit.c_str());
            result < 0)
            throw errorOf(error, result);
        return readCommands(SdMessage(raw).readPath());
    }

    void reload() override {
        BusError error;
        if (const int result = sd_bus_call_method(
                bus_.get(), service, managerPath, managerInterface, "Reload", error.get(), nullptr, nullptr);
            result < 0)
            throw errorOf(error, result);
    }

  private:
    [[nodiscard]] std::vector<std::vector<std::string>> readCommands(const std::string& path) {
        sd_bus_message* raw = nullptr;
        BusError error;
        if (const int result = sd_bus_get_property(bus_.get(), service, path.c_str(), serviceInterface,
                "ExecStart", error.get(), &raw, "a(sasbttttuii)");
            result < 0)
            throw errorOf(error, result);
        SdMessage answer(raw);
        std::vector<std::vector<std::string>> commands;
        answer.readArray("(sasbttttuii)", [&] {
            answer.readContainer('r', "sasbttttuii", [&] {
                const auto program = answer.readString();
                auto argv = answer.readStrings();
                if (!argv.empty())
                    argv.front() = program; // not what an @ in front of it makes of argv[0]
                commands.push_back(std::move(argv));
                answer.skip("bttttuii");
            });
        });
        return commands;
    }

    Bus bus_ = openSystemBus();
};

} // namespace

std::unique_ptr<ServiceManager> connectToSystemd() {
    return std::make_unique<SystemdManager>();
}

} // namespace nsd::client
