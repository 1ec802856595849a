// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/bus_calls.hpp"

#include "common/error.hpp"
#include "dbus/names.hpp"
#include "tests/bench/empty_service.hpp"
#include "tests/bench/interruption.hpp"

#include <cerrno>
#include <cstdint>
#include <stdexcept>
#include <unistd.h>

namespace nsd::bench {

namespace {

void check(int result) {
    if (result < 0)
        throw std::runtime_error("sd-bus: " + errnoText(-result));
}

} // namespace

BusCalls::BusCalls(const std::string& address, uid_t user) {
    sd_bus* bus = nullptr;
    check(sd_bus_new(&bus));
    bus_.reset(bus);
    check(sd_bus_set_address(bus, address.c_str()));
    check(sd_bus_set_bus_client(bus, 1));
    check(sd_bus_negotiate_fds(bus, 1));
    // The credentials of a socket are those of its connect(2).
    check(::seteuid(user) == 0 ? 0 : -errno);
    const int started = sd_bus_start(bus);
    check(::seteuid(0) == 0 ? 0 : -errno);
    check(started);
}

void BusCalls::create(const std::string& name, const std::string& type) const {
    const auto message = newCall("Create");
    check(sd_bus_message_append(message.get(), "sasa{sv}", name.c_str(), 1, type.c_str(), 0));
    call(message);
}

void BusCalls::createFor(uid_t owner, const std::string& name, const std::string& type) const {
    const auto message = newCall("Create");
    check(sd_bus_message_append(
        message.get(), "sasa{sv}", name.c_str(), 1, type.c_str(), 1, "owner", "u", owner));
    call(message);
}

void BusCalls::destroy(const std::string& name, std::chrono::microseconds patience) const {
    const auto message = newCall("Destroy");
    check(sd_bus_message_append(message.get(), "sa{sv}", name.c_str(), 1, "timeout", "t",
        static_cast<std::uint64_t>(patience.count())));
    call(message);
}

void BusCalls::enter(const std::string& name, const std::string& type) const {
    const auto message = newCall("Enter");
    check(sd_bus_message_append(message.get(), "sasa{sv}", name.c_str(), 1, type.c_str(), 0));
    const auto reply = call(message);
    const char* key = nullptr;
    int fd = -1;
    check(sd_bus_message_read(reply.get(), "a{sh}", 1, &key, &fd));
}

void BusCalls::openNothing() const {
    sd_bus_message* raw = nullptr;
    check(sd_bus_message_new_method_call(
        bus_.get(), &raw, emptyServiceName, emptyServicePath, emptyServiceInterface, "Open"));
    const auto reply = call(Message(raw));
    int fd = -1;
    check(sd_bus_message_read(reply.get(), "h", &fd));
}

BusCalls::Message BusCalls::newCall(const char* method) const {
    sd_bus_message* raw = nullptr;
    check(sd_bus_message_new_method_call(
        bus_.get(), &raw, dbus::serviceName, dbus::managerPath, dbus::managerInterface, method));
    return Message(raw);
}

BusCalls::Message BusCalls::call(const Message& message) const {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message* reply = nullptr;
    const int result = sd_bus_call(bus_.get(), message.get(), 0, &error, &reply);
    const std::string text = error.message != nullptr ? error.message : errnoText(-result);
    sd_bus_error_free(&error);
    if (result == -EINTR)
        throw Interrupted();
    if (result < 0)
        throw std::runtime_error(std::string(sd_bus_message_get_member(message.get())) + ": " + text);
    return Message(reply);
}

} // namespace nsd::bench
