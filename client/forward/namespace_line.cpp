// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/forward/namespace_line.hpp"

#include "client/bus/sd_message.hpp"
#include "common/error.hpp"
#include "dbus/error_names.hpp"
#include "dbus/names.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <fcntl.h>
#include <limits>
#include <sys/socket.h>
#include <utility>

namespace nsd::client {
namespace {

constexpr std::size_t spares = 4;    // sockets got in advance
constexpr std::size_t mostCalls = 8; // at a time: nsd counts each user's
constexpr int betweenTries = 1000;   // ms, while nsd is away

void check(int result, const char* step) {
    if (result < 0)
        throw kernelError(step, "nsd's bus", -result);
}

std::uint64_t nowMicroseconds() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000 +
           static_cast<std::uint64_t>(now.tv_nsec) / 1000;
}

Error errorOf(sd_bus_message* answer) {
    const auto* error = sd_bus_message_get_error(answer);
    return dbus::errorFromBus(error->name, error->message != nullptr ? error->message : "");
}

} // namespace

NamespaceLine::NamespaceLine(EventQueue& queue, std::string bus, std::string path, std::function<void()> gone)
    : queue_(queue), address_(std::move(bus)), path_(std::move(path)), gone_(std::move(gone)) {
    connect();
}

NamespaceLine::~NamespaceLine() {
    calls_.clear();
    disconnect();
}

void NamespaceLine::connect() {
    sd_bus* raw = nullptr;
    check(sd_bus_new(&raw), "make a connection to");
    bus_.reset(raw);
    check(sd_bus_set_address(raw, address_.c_str()), "take the address of");
    check(sd_bus_set_bus_client(raw, 1), "become a client of");
    check(sd_bus_start(raw), "connect to");
    const char* name = nullptr;
    check(sd_bus_get_unique_name(raw, &name), "connect to");
    // Which one it is cannot be said here: sd-bus looks at arguments up to the first that is no text.
    subscribe(std::string("type='signal',sender='") + dbus::serviceName + "',path='" + dbus::managerPath +
                  "',interface='" + dbus::managerInterface + "',member='NamespaceRemoved'",
        &NamespaceLine::removed);
    subscribe(std::string("type='signal',sender='") + dbus::busName + "',member='NameOwnerChanged',arg0='" +
                  dbus::serviceName + "'",
        &NamespaceLine::ownerChanged);
    fd_ = sd_bus_get_fd(raw);
    queue_.add(fd_, 0, *this);
    checkIfThere(); // it may have gone just before
    updateEvents();
}

void NamespaceLine::subscribe(const std::string& rule, sd_bus_message_handler_t handler) {
    sd_bus_slot* slot = nullptr;
    check(sd_bus_add_match(bus_.get(), &slot, rule.c_str(), handler, this), "subscribe to signals of");
    matches_.emplace_back(slot);
}

// Who waits for an answer gets none any more.
void NamespaceLine::disconnect() {
    if (fd_ >= 0)
        queue_.remove(std::exchange(fd_, -1));
    matches_.clear();
    const auto calls = std::exchange(calls_, {});
    bus_.reset();
    for (const auto& call : calls)
        if (call.family != 0)
            onSocket(call.family, Error(Errc::TimedOut, "nsd went away"));
}

void NamespaceLine::updateEvents() {
    if (fd_ >= 0) // EPOLLIN and EPOLLOUT are the same numbers as POLLIN and POLLOUT
        queue_.change(fd_, static_cast<std::uint32_t>(std::max(sd_bus_get_events(bus_.get()), 0)), *this);
}

int NamespaceLine::patience() const {
    if (!bus_)
        return betweenTries;
    std::uint64_t due = std::numeric_limits<std::uint64_t>::max();
    if (sd_bus_get_timeout(bus_.get(), &due) <= 0 || due == std::numeric_limits<std::uint64_t>::max())
        return -1;
    const auto now = nowMicroseconds();
    constexpr std::uint64_t most = 60'000'000;
    return due <= now ? 0 : static_cast<int>(std::min(due - now, most) / 1000 + 1);
}

void NamespaceLine::ready(std::uint32_t /*events*/) {
    process();
}

void NamespaceLine::process() {
    int result = 1;
    while (result > 0 && bus_ && !ended_)
        result = sd_bus_process(bus_.get(), nullptr);
    if (result < 0)
        disconnect();
    else
        updateEvents();
}

void NamespaceLine::keepUp() {
    if (bus_) {
        if (patience() == 0)
            process();
        return;
    }
    try {
        connect();
    } catch (const Error&) {
        disconnect(); // it is tried again
    }
}

void NamespaceLine::call(int family, const char* interface, const char* member) {
    sd_bus_message* raw = nullptr;
    check(
        sd_bus_message_new_method_call(bus_.get(), &raw, dbus::serviceName, path_.c_str(), interface, member),
        "write to");
    SdMessage message(raw);
    if (family == 0) {
        message.addString(dbus::namespaceInterface);
        message.addString("Name");
    } else {
        message.addInt32(family);
        message.addInt32(SOCK_STREAM);
        message.addInt32(0);
        message.addOptions([] {});
    }
    auto& call = calls_.emplace_back(Call{this, family, nullptr});
    sd_bus_slot* slot = nullptr;
    const int sent = sd_bus_call_async(bus_.get(), &slot, raw, &NamespaceLine::answered, &call, 0);
    if (sent < 0) {
        calls_.pop_back();
        throw kernelError("write to", "nsd's bus", -sent);
    }
    call.slot.reset(slot);
}

void NamespaceLine::checkIfThere() {
    call(0, dbus::propertiesInterface, "Get");
}

int NamespaceLine::answered(sd_bus_message* message, void* call, sd_bus_error* /*error*/) {
    auto& which = *static_cast<Call*>(call);
    which.line->onAnswer(which, message);
    return 0;
}

int NamespaceLine::removed(sd_bus_message* message, void* line, sd_bus_error* /*error*/) {
    auto& self = *static_cast<NamespaceLine*>(line);
    const char* path = nullptr;
    if (sd_bus_message_skip(message, "ts") >= 0 && sd_bus_message_read(message, "o", &path) >= 0 &&
        path == self.path_)
        self.end();
    return 0;
}

// A new nsd has found its namespaces again, or not. One that goes is not asked: the bus would start it.
int NamespaceLine::ownerChanged(sd_bus_message* message, void* line, sd_bus_error* /*error*/) {
    const char* owner = nullptr;
    if (sd_bus_message_skip(message, "ss") < 0 || sd_bus_message_read(message, "s", &owner) < 0 ||
        *owner == 0)
        return 0;
    try {
        static_cast<NamespaceLine*>(line)->checkIfThere();
    } catch (const Error&) {
        return 0; // the connection is gone, which is seen next
    }
    return 0;
}

void NamespaceLine::onAnswer(Call& call, sd_bus_message* answer) {
    const int family = call.family;
    calls_.remove_if([&](const Call& other) { return &other == &call; });
    const bool failed = sd_bus_message_is_method_error(answer, nullptr) > 0;
    if (family == 0) {
        // Unknown to nsd, or to the bus library for it. No answer at all is nsd's being away.
        if (failed && (sd_bus_message_is_method_error(answer, SD_BUS_ERROR_UNKNOWN_OBJECT) > 0 ||
                          errorOf(answer).code() == Errc::NoSuchNamespace))
            end();
        return;
    }
    try {
        if (failed)
            throw errorOf(answer);
        SdMessage message(sd_bus_message_ref(answer));
        onSocket(family, message.readFd());
    } catch (const Error& error) {
        onSocket(family, error);
    }
}

void NamespaceLine::onSocket(int family, Outcome<UniqueFd> socket) {
    auto& stock = stocks_[family];
    stock.asked -= stock.asked > 0 ? 1 : 0;
    if (stock.waiting.empty()) {
        if (socket.ok())
            add(family, std::move(socket).value());
        return;
    }
    const auto done = std::move(stock.waiting.front());
    stock.waiting.pop_front();
    if (socket.ok())
        ::fcntl(socket.value().get(), F_SETFL, O_NONBLOCK);
    done(std::move(socket));
    restock(family);
}

void NamespaceLine::add(int family, UniqueFd socket) {
    ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
    stocks_[family].spare.push_back(std::move(socket));
}

void NamespaceLine::ask(int family, Completion<UniqueFd> done) {
    auto& stock = stocks_[family];
    if (stock.spare.empty()) {
        stock.waiting.push_back(std::move(done));
    } else {
        auto socket = std::move(stock.spare.back());
        stock.spare.pop_back();
        done(std::move(socket));
    }
    restock(family);
}

void NamespaceLine::restock(int family) {
    auto& stock = stocks_[family];
    try {
        if (!bus_)
            throw Error(Errc::TimedOut, "nsd is away");
        while (stock.asked < mostCalls && stock.asked + stock.spare.size() < stock.waiting.size() + spares) {
            call(family, dbus::namespaceInterface, "OpenSocket");
            ++stock.asked;
        }
        updateEvents();
    } catch (const Error& error) {
        for (const auto& done : std::exchange(stock.waiting, {}))
            done(error);
    }
}

void NamespaceLine::end() {
    if (!std::exchange(ended_, true))
        gone_();
}

} // namespace nsd::client
