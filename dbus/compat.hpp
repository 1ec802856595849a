// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "common/unique_fd.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <sdbus-c++/sdbus-c++.h>
#include <systemd/sd-bus.h>

// The seam between nsd and the major versions of sdbus-c++ (1.2 in Debian 12, 2.1 in Debian 13):
// this header and its .cpp are the only files that know which one it is. Code above it spells the
// arguments of sdbus-c++ with these types and calls these functions, and builds against both.
namespace nsd::dbus {

#if NSD_SDBUS_MAJOR >= 2
using PathArg = sdbus::ObjectPath;
using ServiceArg = sdbus::ServiceName;
using InterfaceArg = sdbus::InterfaceName;
using PropertyArg = sdbus::PropertyName;
#else
using PathArg = std::string;
using ServiceArg = std::string;
using InterfaceArg = std::string;
using PropertyArg = std::string;
#endif

// The bus at DBUS_SYSTEM_BUS_ADDRESS, else the system's. Throws Error{KernelError}.
[[nodiscard]] std::unique_ptr<sdbus::IConnection> openSystemBus();
// The bus at an address such as "unix:path=/run/nsd/bus". Throws Error{KernelError}.
[[nodiscard]] std::unique_ptr<sdbus::IConnection> openBusAt(const std::string& address);

// Becomes the only owner of a name. Throws Error that says who is in the way.
void requestName(sdbus::IConnection& connection, const std::string& name);

// Which bus this is: 32 hex digits that no other bus ever has, as it said them at connect time. Throws
// Error.
[[nodiscard]] std::string busId(sdbus::IConnection& connection);

// An exception for sdbus-c++'s result objects, by the one table of names.
[[nodiscard]] sdbus::Error toBusError(const Error& error);

// What sdbus-c++ shows of the call whose handler runs now in no version, or in each another way.
struct CallInfo {
    std::string sender;       // unique name (":1.42"), never reused
    bool interactive = false; // ALLOW_INTERACTIVE_AUTHORIZATION: the user may be asked
};
// For the handlers of methods. (Property handlers know no message in sdbus-c++ 1.2.) Throws
// Error{KernelError} outside of one.
[[nodiscard]] CallInfo currentCall(const sdbus::IObject& object);

// How many entries the dictionary has that the same call carries behind arguments of the signature
// `before`, doubled keys and all: a map keeps one of each.
[[nodiscard]] std::size_t entriesOfDict(const sdbus::IObject& object, const char* before, const char* entry);

// sd-bus's message behind sdbus-c++'s; borrowed, valid as long as `message`.
[[nodiscard]] sd_bus_message* rawMessage(const sdbus::Message& message) noexcept;

// A descriptor that came in a message, as our own: sdbus-c++'s copies have no O_CLOEXEC. Throws
// Error{WrongFd, LimitExceeded}.
[[nodiscard]] UniqueFd takeFd(const sdbus::UnixFd& fd);
// A descriptor to send; it is closed once it is on its way.
[[nodiscard]] sdbus::UnixFd giveFd(UniqueFd fd);

// Calls `seen` for each message that the rule matches, until the slot goes. Asks the bus and waits
// for its answer: for the start of the daemon, not for a request. `seen` must not throw.
[[nodiscard]] sdbus::Slot addMatch(
    sdbus::IConnection& connection, const std::string& rule, std::function<void(sdbus::Message&)> seen);

// A proxy on a connection that somebody else drives.
[[nodiscard]] std::unique_ptr<sdbus::IProxy> makeProxy(
    sdbus::IConnection& connection, const std::string& service, const std::string& path);
// A call to fill in with `<<` and to pass to callAsync.
[[nodiscard]] sdbus::MethodCall makeCall(
    sdbus::IProxy& proxy, const std::string& interface, const std::string& method);
// Calls without waiting. `answered` gets the reply, or null and the error: also after `timeout`, and
// when the bus goes away. It is not called any more once the proxy is gone. It must not throw.
using Answered = std::function<void(sdbus::MethodReply* reply, const Error* error)>;
void callAsync(sdbus::IProxy& proxy, const sdbus::MethodCall& call, std::chrono::microseconds timeout,
    Answered answered);

// Sends a call whose answer nobody wants, and which starts no service.
void callWithoutAnswer(const sdbus::MethodCall& call) noexcept;
// Whether a message says what it has to, before it is read: "(bba{ss})".
[[nodiscard]] bool hasSignature(const sdbus::Message& message, const char* signature) noexcept;

// For dbus/loop_attachment alone: what a connection waits for, asked anew before each wait.
struct PollState {
    int fd;
    std::uint32_t events;
    std::uint64_t deadline; // CLOCK_MONOTONIC, µs; UINT64_MAX: none
};
// Both throw sdbus::Error once the bus is gone.
[[nodiscard]] PollState pollState(const sdbus::IConnection& connection);
// Handles one message or timeout; false when there was none.
bool processOne(sdbus::IConnection& connection);

} // namespace nsd::dbus
