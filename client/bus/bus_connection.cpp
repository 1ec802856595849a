// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/bus/bus_connection.hpp"

#include "client/bus/bus_error.hpp"
#include "client/bus/password_agent.hpp"
#include "client/client.hpp"
#include "common/error.hpp"
#include "dbus/error_names.hpp"
#include "dbus/names.hpp"
#include "dbus/patience.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>

namespace nsd::client {
namespace {

// What a bus says about a service that is not there and that it cannot start.
bool meansNoService(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 3> names{
        "org.freedesktop.DBus.Error.ServiceUnknown",
        "org.freedesktop.DBus.Error.NameHasNoOwner",
        "org.freedesktop.systemd1.NoSuchUnit",
    };
    for (const auto known : names)
        if (name == known)
            return true;
    constexpr std::string_view spawn = "org.freedesktop.DBus.Error.Spawn.";
    return name.substr(0, spawn.size()) == spawn;
}

constexpr std::chrono::microseconds usualPatience{25'000'000}; // D-Bus's own

} // namespace

BusConnection::BusConnection(std::vector<BusAddress> buses, Manners manners)
    : buses_(std::move(buses)), manners_(manners) {}

SdMessage BusConnection::call(const Target& target, const Fill& fill, std::chrono::microseconds patience) {
    try {
        return callAnyBus(target, fill, patience);
    } catch (const Error& error) {
        if (error.code() != Errc::InteractiveAuthorizationRequired || !manners_.askPassword)
            throw;
        // Nobody was there to ask the user: bring somebody, and try again. That much for an agent is
        // spent only where it is needed.
        const PasswordAgent agent;
        if (!agent.isThere())
            throw;
        return callAnyBus(target, fill, patience);
    }
}

SdMessage BusConnection::callAnyBus(
    const Target& target, const Fill& fill, std::chrono::microseconds patience) {
    while (!buses_.empty()) {
        if (auto answer = tryCall(target, fill, patience))
            return std::move(*answer);
        bus_.reset();
        // It was here: where else should it be? This bus is tried again at the next call.
        if (!address_.empty())
            throw Unanswered("nsd went away (" + std::exchange(problems_, {}) + ")");
        buses_.erase(buses_.begin());
    }
    throw NoDaemon("nsd is not running (" + problems_ +
                   "); start it: systemctl start nsd, or nsd --bus=private where no system bus runs");
}

bool BusConnection::giveUp(const std::string& why) {
    problems_ += (problems_.empty() ? "" : "; ") + buses_.front().description + ": " + why;
    return false;
}

bool BusConnection::connect() {
    sd_bus* raw = nullptr;
    if (const int made = sd_bus_new(&raw); made < 0)
        throw kernelError("make", "a D-Bus connection", -made);
    bus_.reset(raw);
    if (sd_bus_set_address(raw, buses_.front().address.c_str()) < 0)
        return giveUp("not a D-Bus address");
    sd_bus_set_bus_client(raw, 1);
    // The second waits for the bus to say Hello, so that whatever fails after it is the call.
    const char* uniqueName = nullptr;
    int ready = sd_bus_start(raw);
    if (ready >= 0)
        ready = sd_bus_get_unique_name(raw, &uniqueName);
    if (ready < 0)
        return giveUp(ready == -EINVAL ? "not a D-Bus address" : errnoText(-ready));
    for (const auto& match : matches_)
        addMatch(match);
    return true;
}

void BusConnection::addMatch(const std::string& match) {
    BusError error;
    if (sd_bus_call_method(bus_.get(), dbus::busName, dbus::busPath, dbus::busName, "AddMatch", error.get(),
            nullptr, "s", match.c_str()) < 0)
        throw Error(Errc::KernelError, "cannot subscribe on the bus: " + std::string(error.message()));
}

void BusConnection::subscribe(const std::string& match) {
    matches_.push_back(match);
    if (bus_)
        addMatch(match);
}

bool BusConnection::reopen() {
    if (!bus_ && !connect()) {
        bus_.reset();
        problems_.clear();
        return false;
    }
    BusError error;
    sd_bus_message* reply = nullptr;
    if (sd_bus_call_method(bus_.get(), dbus::busName, dbus::busPath, dbus::busName, "NameHasOwner",
            error.get(), &reply, "s", dbus::serviceName) < 0)
        return false;
    return SdMessage(reply).readBool();
}

std::optional<SdMessage> BusConnection::nextMessage(std::chrono::microseconds limit) {
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (bus_) {
        sd_bus_message* raw = nullptr;
        int result = sd_bus_process(bus_.get(), &raw);
        if (raw != nullptr)
            return SdMessage(raw);
        if (result == 0) {
            const auto left = std::chrono::duration_cast<std::chrono::microseconds>(
                deadline - std::chrono::steady_clock::now());
            if (left.count() <= 0)
                return std::nullopt;
            result = sd_bus_wait(bus_.get(), static_cast<std::uint64_t>(left.count()));
            if (result == -EINTR)
                return std::nullopt;
        }
        if (result < 0)
            bus_.reset();
    }
    return std::nullopt;
}

std::optional<SdMessage> BusConnection::tryCall(
    const Target& target, const Fill& fill, std::chrono::microseconds patience) {
    if (!bus_ && !connect())
        return std::nullopt;
    sd_bus_message* raw = nullptr;
    if (const int made = sd_bus_message_new_method_call(
            bus_.get(), &raw, dbus::serviceName, target.path.c_str(), target.interface, target.member);
        made < 0)
        throw kernelError("write", "a D-Bus message", -made);
    SdMessage message(raw);
    fill(message);
    sd_bus_message_set_allow_interactive_authorization(raw, manners_.askPassword ? 1 : 0);
    sd_bus_message_set_auto_start(raw, manners_.startDaemon ? 1 : 0);

    BusError error;
    sd_bus_message* reply = nullptr;
    if (manners_.askPassword)
        patience += dbus::interactivePatience;
    const auto limit = static_cast<std::uint64_t>((usualPatience + patience).count());
    const int result = sd_bus_call(bus_.get(), raw, limit, error.get(), &reply);
    if (result >= 0) {
        address_ = buses_.front().address;
        return SdMessage(reply);
    }
    if (meansNoService(error.name())) {
        giveUp("it does not know " + std::string(dbus::serviceName));
        return std::nullopt;
    }
    // Never on the next bus: it was sent, and may have been done.
    const bool lost = sd_bus_is_ready(bus_.get()) <= 0;
    if (lost)
        bus_.reset(); // the next call makes a new connection
    if (lost || error.name() == SD_BUS_ERROR_NO_REPLY)
        throw Unanswered("nsd or its bus went away before it answered; it may have been done or not");
    address_ = buses_.front().address; // an error is an answer, too
    throw dbus::errorFromBus(error.name(), error.message());
}

} // namespace nsd::client
