// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dbus/compat.hpp"

#include "common/quote.hpp"
#include "dbus/error_names.hpp"
#include "dbus/names.hpp"

#include <array>
#include <utility>

namespace nsd::dbus {
namespace {

// The pointer is a protected member in every version.
struct MessageAccess : sdbus::Message {
    static void* raw(const sdbus::Message& message) noexcept { return message.*(&MessageAccess::msg_); }
};

// The call that the object is handling right now, or null. sd-bus keeps it for the handler's time.
sd_bus_message* currentMessage(const sdbus::IObject& object) {
#if NSD_SDBUS_MAJOR >= 2
    return rawMessage(object.getCurrentlyProcessedMessage());
#else
    const sdbus::Message* message = object.getCurrentlyProcessedMessage();
    return message == nullptr ? nullptr : rawMessage(*message);
#endif
}

Error fromBus(const sdbus::Error& error) {
    return errorFromBus(error.getName(), error.getMessage());
}

} // namespace

std::unique_ptr<sdbus::IConnection> openSystemBus() {
    try {
        return sdbus::createSystemBusConnection();
    } catch (const sdbus::Error& error) {
        throw Error{Errc::KernelError, "cannot reach the system bus: " + error.getMessage() +
                                           "; where none runs, --bus=private brings one along"};
    }
}

std::unique_ptr<sdbus::IConnection> openBusAt(const std::string& address) {
    try {
        return sdbus::createSessionBusConnectionWithAddress(address);
    } catch (const sdbus::Error& error) {
        // Qualified: std::quoted would be found by its argument, and fit better.
        throw Error{
            Errc::KernelError, "cannot reach the bus at " + nsd::quoted(address) + ": " + error.getMessage()};
    }
}

void requestName(sdbus::IConnection& connection, const std::string& name) {
    try {
        connection.requestName(ServiceArg{name});
    } catch (const sdbus::Error& error) {
        const Error cause = fromBus(error);
        throw Error{cause.code(),
            "cannot own " + name + " on the bus: " + cause.text() +
                (cause.code() == Errc::AccessDenied ? "; is the bus policy org.nsd1.conf installed?"
                                                    : "; does another nsd serve this bus?")};
    }
}

std::string busId(sdbus::IConnection& connection) {
    // sdbus-c++ gives its sd_bus to nobody, but each message knows it.
    const auto bus = makeProxy(connection, busName, busPath);
    const auto call = makeCall(*bus, busName, "GetId");
    sd_id128_t id{};
    if (const int failed = sd_bus_get_bus_id(sd_bus_message_get_bus(rawMessage(call)), &id); failed < 0)
        throw kernelError("ask", "the bus for its id", -failed);
    std::array<char, SD_ID128_STRING_MAX> text{};
    return sd_id128_to_string(id, text.data());
}

sdbus::Error toBusError(const Error& error) {
#if NSD_SDBUS_MAJOR >= 2
    return sdbus::Error{sdbus::Error::Name{errorName(error.code())}, error.text()};
#else
    return sdbus::Error{errorName(error.code()), error.text()};
#endif
}

sd_bus_message* rawMessage(const sdbus::Message& message) noexcept {
    return static_cast<sd_bus_message*>(MessageAccess::raw(message));
}

CallInfo currentCall(const sdbus::IObject& object) {
    sd_bus_message* raw = currentMessage(object);
    const char* sender = raw == nullptr ? nullptr : sd_bus_message_get_sender(raw);
    if (sender == nullptr)
        throw Error{Errc::KernelError, "There is no call under way that has a sender"};
    return {sender, sd_bus_message_get_allow_interactive_authorization(raw) > 0};
}

std::size_t entriesOfDict(const sdbus::IObject& object, const char* before, const char* entry) {
    sd_bus_message* raw = currentMessage(object);
    // It has been read to its end already.
    if (raw == nullptr || sd_bus_message_rewind(raw, 1) < 0 || sd_bus_message_skip(raw, before) < 0 ||
        sd_bus_message_enter_container(raw, 'a', entry) <= 0)
        throw Error{Errc::KernelError, "There is no call under way that has this dictionary"};
    std::size_t count = 0;
    while (sd_bus_message_at_end(raw, 0) == 0 && sd_bus_message_skip(raw, entry) > 0)
        ++count;
    return count;
}

UniqueFd takeFd(const sdbus::UnixFd& fd) {
    return duplicateFd(fd.get());
}

sdbus::UnixFd giveFd(UniqueFd fd) {
    return sdbus::UnixFd{fd.release(), sdbus::adopt_fd};
}

sdbus::Slot addMatch(
    sdbus::IConnection& connection, const std::string& rule, std::function<void(sdbus::Message&)> seen) {
    try {
#if NSD_SDBUS_MAJOR >= 2
        return connection.addMatch(
            rule, [seen = std::move(seen)](sdbus::Message message) { seen(message); }, sdbus::return_slot);
#else
        return connection.addMatch(rule, std::move(seen));
#endif
    } catch (const sdbus::Error& error) {
        throw fromBus(error);
    }
}

std::unique_ptr<sdbus::IProxy> makeProxy(
    sdbus::IConnection& connection, const std::string& service, const std::string& path) {
    return sdbus::createProxy(connection, ServiceArg{service}, PathArg{path});
}

sdbus::MethodCall makeCall(sdbus::IProxy& proxy, const std::string& interface, const std::string& method) {
#if NSD_SDBUS_MAJOR >= 2
    return proxy.createMethodCall(sdbus::InterfaceName{interface}, sdbus::MethodName{method});
#else
    return proxy.createMethodCall(interface, method);
#endif
}

void callAsync(sdbus::IProxy& proxy, const sdbus::MethodCall& call, std::chrono::microseconds timeout,
    Answered answered) {
    const auto usec = static_cast<std::uint64_t>(timeout.count());
#if NSD_SDBUS_MAJOR >= 2
    proxy.callMethodAsync(
        call,
        [answered = std::move(answered)](sdbus::MethodReply reply, std::optional<sdbus::Error> error) {
            if (!error)
                return answered(&reply, nullptr);
            const Error ours = fromBus(*error);
            answered(nullptr, &ours);
        },
        usec);
#else
    proxy.callMethod(
        call,
        [answered = std::move(answered)](sdbus::MethodReply& reply, const sdbus::Error* error) {
            if (error == nullptr)
                return answered(&reply, nullptr);
            const Error ours = fromBus(*error);
            answered(nullptr, &ours);
        },
        usec);
#endif
}

void callWithoutAnswer(const sdbus::MethodCall& call) noexcept {
    auto* const raw = rawMessage(call);
    sd_bus_message_set_expect_reply(raw, 0);
    sd_bus_message_set_auto_start(raw, 0);
    // It fails when the bus is gone, which whoever drives the connection sees by itself.
    sd_bus_send(nullptr, raw, nullptr);
}

bool hasSignature(const sdbus::Message& message, const char* signature) noexcept {
    return sd_bus_message_has_signature(rawMessage(message), signature) > 0;
}

PollState pollState(const sdbus::IConnection& connection) {
    const auto data = connection.getEventLoopPollData();
#if NSD_SDBUS_MAJOR >= 2
    // data.eventFd wakes a loop whose connection is used from other threads: here are none.
    const bool endless = data.timeout == std::chrono::microseconds::max();
    const auto deadline = endless ? UINT64_MAX : static_cast<std::uint64_t>(data.timeout.count());
#else
    const auto deadline = data.timeout_usec;
#endif
    return {data.fd, static_cast<std::uint32_t>(data.events), deadline};
}

bool processOne(sdbus::IConnection& connection) {
#if NSD_SDBUS_MAJOR >= 2
    return connection.processPendingEvent();
#else
    return connection.processPendingRequest();
#endif
}

} // namespace nsd::dbus
