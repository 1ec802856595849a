// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/fuzz/fuzz_client.hpp"

#include <chrono>
#include <cstring>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace nsd::test {
namespace {

// Process.Wait waits for 20 s.
constexpr std::chrono::seconds longestAnswer{40};

void check(int result, const char* what) {
    if (result < 0)
        throw std::runtime_error(std::string(what) + ": " + std::strerror(-result));
}

} // namespace

FuzzClient::FuzzClient(std::string address, uid_t user, OnResult onResult)
    : address_(std::move(address)), user_(user), onResult_(std::move(onResult)) {
    connect();
}

FuzzClient::~FuzzClient() {
    sd_bus_close_unref(bus_);
}

void FuzzClient::connect() {
    check(sd_bus_new(&bus_), "sd_bus_new");
    check(sd_bus_set_address(bus_, address_.c_str()), "sd_bus_set_address");
    check(sd_bus_set_bus_client(bus_, 1), "sd_bus_set_bus_client");
    check(sd_bus_negotiate_fds(bus_, 1), "sd_bus_negotiate_fds");
    // The credentials of a socket are those of its connect(2).
    if (::seteuid(user_) != 0)
        throw std::runtime_error("seteuid");
    const int started = sd_bus_start(bus_);
    if (::seteuid(0) != 0)
        throw std::runtime_error("seteuid");
    check(started, "sd_bus_start");
    const char* name = nullptr;
    check(sd_bus_get_unique_name(bus_, &name), "join the bus");
    underWay_.clear();
}

int FuzzClient::onAnswer(sd_bus_message* message, void* data, sd_bus_error* /*error*/) {
    auto& self = *static_cast<FuzzClient*>(data);
    std::uint64_t cookie = 0;
    check(sd_bus_message_get_reply_cookie(message, &cookie), "answer to nothing");
    const auto call = self.underWay_.extract(cookie);
    const auto* error = sd_bus_message_get_error(message);
    ++self.answers_[call.mapped()][error != nullptr ? error->name : ""];
    if (error == nullptr)
        self.onResult_(message);
    return 1;
}

bool FuzzClient::turn(std::uint64_t microseconds) {
    int result = sd_bus_process(bus_, nullptr);
    if (result == 0 && microseconds > 0) {
        sd_bus_wait(bus_, microseconds);
        result = sd_bus_process(bus_, nullptr);
    }
    if (result < 0 || sd_bus_is_open(bus_) <= 0) {
        ++thrownOff_;
        vanish();
    }
    return result > 0;
}

void FuzzClient::send(sd_bus_message* message, bool wantsAnswer, std::size_t most) {
    const auto until = std::chrono::steady_clock::now() + longestAnswer;
    while (turn(0) || underWay_.size() > most) {
        static_cast<void>(turn(100'000));
        if (std::chrono::steady_clock::now() > until)
            throw std::runtime_error(std::to_string(underWay_.size()) + " calls are not answered");
    }
    constexpr std::uint64_t forEver = UINT64_MAX;
    const int sent = wantsAnswer ? sd_bus_call_async(bus_, nullptr, message, onAnswer, this, forEver)
                                 : sd_bus_send(bus_, message, nullptr);
    std::uint64_t cookie = 0;
    if (sent < 0)
        ++notSent_;
    else if (wantsAnswer && sd_bus_message_get_cookie(message, &cookie) >= 0)
        underWay_.emplace(cookie,
            std::string(sd_bus_message_get_interface(message)) + '.' + sd_bus_message_get_member(message));
    sd_bus_message_unref(message);
}

FuzzClient::Counts FuzzClient::total(const Answers& answers) {
    Counts all;
    for (const auto& [method, counts] : answers)
        for (const auto& [error, count] : counts)
            all[error] += count;
    return all;
}

bool FuzzClient::drain() {
    const auto until = std::chrono::steady_clock::now() + longestAnswer;
    while (!underWay_.empty() && std::chrono::steady_clock::now() < until)
        static_cast<void>(turn(100'000));
    return underWay_.empty();
}

void FuzzClient::vanish() {
    bus_ = sd_bus_close_unref(bus_);
    connect();
}

} // namespace nsd::test
