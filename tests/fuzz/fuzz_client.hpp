// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <sys/types.h>
#include <systemd/sd-bus.h>

namespace nsd::test {

// A client that has many calls under way and insists on an answer to each. A bus that throws it off, as
// it may do with what it does not like, costs it what was under way, and it comes back.
class FuzzClient {
  public:
    // Called for each result that is no error.
    using OnResult = std::function<void(sd_bus_message*)>;

    // `user`: whom the bus sees.
    FuzzClient(std::string address, uid_t user, OnResult onResult);
    ~FuzzClient();
    FuzzClient(const FuzzClient&) = delete;
    FuzzClient& operator=(const FuzzClient&) = delete;

    [[nodiscard]] sd_bus* bus() const noexcept { return bus_; }
    // Takes the message. Waits while more than `most` calls are under way.
    void send(sd_bus_message* message, bool wantsAnswer, std::size_t most);
    // Until everything is answered; false where that takes longer than the longest that a method may.
    [[nodiscard]] bool drain();
    // Leaves with everything under way, and comes back.
    void vanish();

    // Of each method as "Interface.Method": how often each error, and "" for results.
    using Counts = std::map<std::string, std::uint64_t>;
    using Answers = std::map<std::string, Counts>;
    [[nodiscard]] const Answers& answers() const noexcept { return answers_; }
    // The same of all methods together.
    [[nodiscard]] static Counts total(const Answers& answers);
    // What never reached the daemon: messages that the library did not send, and times that the bus threw
    // this off.
    [[nodiscard]] std::uint64_t notSent() const noexcept { return notSent_; }
    [[nodiscard]] std::uint64_t thrownOff() const noexcept { return thrownOff_; }

  private:
    static int onAnswer(sd_bus_message* message, void* data, sd_bus_error* error);
    void connect();
    // What has come, or what comes within the time; false when nothing did.
    bool turn(std::uint64_t microseconds);

    std::string address_;
    uid_t user_;
    OnResult onResult_;
    sd_bus* bus_ = nullptr;
    std::map<std::uint64_t, std::string> underWay_; // by the message's cookie: which method
    Answers answers_;
    std::uint64_t notSent_ = 0;
    std::uint64_t thrownOff_ = 0;
};

} // namespace nsd::test
