// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/bus/bus_address.hpp"
#include "client/bus/sd_message.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <systemd/sd-bus.h>
#include <vector>

namespace nsd::client {

// What a call may bring about.
struct Manners {
    bool askPassword = true; // polkit may ask somebody
    bool startDaemon = true; // the bus may start an nsd that is not there
};

// The one connection of nsctl, made at the first call. No question is asked before it: a bus that
// cannot be reached or does not know the service shows it by the call's own error, and then the same
// call goes to the next bus.
class BusConnection {
  public:
    struct Target {
        std::string path;
        const char* interface;
        const char* member;
    };
    using Fill = std::function<void(SdMessage&)>;

    BusConnection(std::vector<BusAddress> buses, Manners manners);

    // Blocks until the answer; `patience` is how long nsd itself may take on top of D-Bus's own 25 s
    // and of the time that a user gets for a password, where one may be asked for. Throws Error with
    // what nsd said, NoDaemon when the last bus is used up, or Unanswered when the bus that answered
    // before does so no more; a call after that connects to it again.
    [[nodiscard]] SdMessage call(const Target& target, const Fill& fill,
        std::chrono::microseconds patience = std::chrono::microseconds(0));

    // What this match rule selects comes by nextMessage() from now on, on every connection to come, too.
    void subscribe(const std::string& match);
    [[nodiscard]] bool isOpen() const noexcept { return bus_ != nullptr; }
    // Whether the bus that answered before can be reached, and nsd is there.
    [[nodiscard]] bool reopen();
    // The next message that nobody waits for in a call. Empty: none came in time, or the connection was
    // lost: see isOpen().
    [[nodiscard]] std::optional<SdMessage> nextMessage(std::chrono::microseconds limit);

    // The address that answered; empty before the first call.
    [[nodiscard]] const std::string& address() const noexcept { return address_; }

  private:
    struct Close {
        void operator()(sd_bus* bus) const noexcept { sd_bus_close_unref(bus); }
    };
    [[nodiscard]] SdMessage callAnyBus(
        const Target& target, const Fill& fill, std::chrono::microseconds patience);
    // Empty, and a line in problems_, when nsd is not to be found on this bus.
    std::optional<SdMessage> tryCall(
        const Target& target, const Fill& fill, std::chrono::microseconds patience);
    bool connect();
    // Throws Error where the bus does not take it.
    void addMatch(const std::string& match);
    bool giveUp(const std::string& why);

    std::vector<BusAddress> buses_; // the front is the one in use
    Manners manners_;
    std::unique_ptr<sd_bus, Close> bus_;
    std::string address_;
    std::string problems_;
    std::vector<std::string> matches_;
};

} // namespace nsd::client
