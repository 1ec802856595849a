// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/system/manager_calls.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <systemd/sd-bus.h>
#include <thread>

namespace nsd::test {

namespace {

using Bus = std::unique_ptr<sd_bus, decltype(&sd_bus_flush_close_unref)>;
using Message = std::unique_ptr<sd_bus_message, decltype(&sd_bus_message_unref)>;

void check(int result, const char* what) {
    if (result < 0)
        throw std::runtime_error(std::string(what) + " failed with " + std::to_string(-result));
}

Bus connect(const std::string& address) {
    sd_bus* raw = nullptr;
    check(sd_bus_new(&raw), "sd_bus_new");
    Bus bus(raw, sd_bus_flush_close_unref);
    check(sd_bus_set_address(raw, address.c_str()), "sd_bus_set_address");
    check(sd_bus_set_bus_client(raw, 1), "sd_bus_set_bus_client");
    check(sd_bus_start(raw), "sd_bus_start");
    return bus;
}

using Fill = std::function<void(sd_bus_message* message)>;

// Calls METHOD(name, what `fill` appends, {}); throws BusError with what it is answered with.
Message call(const std::string& address, const char* method, const std::string& name, const Fill& fill) {
    const auto bus = connect(address);
    sd_bus_message* raw = nullptr;
    check(
        sd_bus_message_new_method_call(bus.get(), &raw, "org.nsd1", "/org/nsd1", "org.nsd1.Manager", method),
        "sd_bus_message_new_method_call");
    const Message message(raw, sd_bus_message_unref);
    check(sd_bus_message_append(raw, "s", name.c_str()), "append");
    fill(raw);
    check(sd_bus_message_append(raw, "a{sv}", 0), "append");

    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message* reply = nullptr;
    const int result = sd_bus_call(bus.get(), raw, 0, &error, &reply);
    Message answer(reply, sd_bus_message_unref);
    const BusError problem{
        error.name != nullptr ? error.name : "", error.message != nullptr ? error.message : ""};
    sd_bus_error_free(&error);
    if (result < 0)
        throw problem;
    return answer;
}

Message call(const std::string& address, const char* method, const std::string& name,
    const std::vector<std::string>& types) {
    return call(address, method, name, [&](sd_bus_message* message) {
        std::vector<char*> words;
        for (const auto& type : types)
            words.push_back(const_cast<char*>(type.c_str()));
        words.push_back(nullptr);
        check(sd_bus_message_append_strv(message, words.data()), "append");
    });
}

const Fill nothing = [](sd_bus_message*) {};

BusError errorOf(const std::function<Message()>& asked) {
    try {
        static_cast<void>(asked());
        return {};
    } catch (const BusError& error) {
        return error;
    }
}

} // namespace

std::map<std::string, UniqueFd> enterOverBus(
    const std::string& address, const std::string& name, const std::vector<std::string>& types) {
    try {
        const auto reply = call(address, "Enter", name, types);
        std::map<std::string, UniqueFd> fds;
        check(sd_bus_message_enter_container(reply.get(), 'a', "{sh}"), "reply");
        const char* type = nullptr;
        int fd = -1;
        while (sd_bus_message_read(reply.get(), "{sh}", &type, &fd) > 0)
            fds.emplace(type, duplicateFd(fd));
        return fds;
    } catch (const BusError& error) {
        throw std::runtime_error(error.name + ": " + error.text);
    }
}

UniqueFd holdOverBus(const std::string& address, const std::string& name) {
    try {
        const auto reply = call(address, "Hold", name, nothing);
        int fd = -1;
        check(sd_bus_message_read(reply.get(), "h", &fd), "reply");
        return duplicateFd(fd);
    } catch (const BusError& error) {
        throw std::runtime_error(error.name + ": " + error.text);
    }
}

BusError errorOfHold(const std::string& address, const std::string& name) {
    return errorOf([&] { return call(address, "Hold", name, nothing); });
}

BusError errorOfCreate(
    const std::string& address, const std::string& name, const std::vector<std::string>& types) {
    return errorOf([&] { return call(address, "Create", name, types); });
}

BusError errorOfDestroy(const std::string& address, const std::string& name) {
    return errorOf([&] { return call(address, "Destroy", name, nothing); });
}

void callAndVanish(const std::string& address, const char* method, const std::string& name,
    std::chrono::microseconds patience) {
    const auto bus = connect(address);
    const char* own = nullptr;
    check(sd_bus_get_unique_name(bus.get(), &own), "join the bus");
    sd_bus_message* raw = nullptr;
    check(
        sd_bus_message_new_method_call(bus.get(), &raw, "org.nsd1", "/org/nsd1", "org.nsd1.Manager", method),
        "sd_bus_message_new_method_call");
    const Message message(raw, sd_bus_message_unref);
    if (std::string_view(method) == "Create")
        check(sd_bus_message_append(raw, "sasa{sv}", name.c_str(), 2, "uts", "net", 0), "append");
    else
        check(sd_bus_message_append(raw, "sa{sv}", name.c_str(), 0), "append");
    std::uint64_t cookie = 0;
    check(sd_bus_send(bus.get(), raw, &cookie), "sd_bus_send");
    check(sd_bus_flush(bus.get()), "sd_bus_flush");
    std::this_thread::sleep_for(patience);
}

} // namespace nsd::test
