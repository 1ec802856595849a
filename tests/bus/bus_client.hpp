// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

namespace nsd::test {

struct MessageUnref {
    void operator()(sd_bus_message* message) const noexcept { sd_bus_message_unref(message); }
};
using MessagePtr = std::unique_ptr<sd_bus_message, MessageUnref>;

// What a call was answered with, once it was.
struct Answer {
    bool done = false;
    std::string error; // its name; empty: a result
    std::string text;  // of the error, or what the result says (textOf)
    MessagePtr message;
};
using AnswerPtr = std::shared_ptr<Answer>;

// A client in the test's own thread: its connection is driven by the daemon's loop, so that nothing
// happens while the test looks. Raw sd-bus, so that it can also send what no good client would.
class BusClient {
  public:
    using Fill = std::function<void(sd_bus_message*)>;

    // `user`: whom the bus sees in the socket's credentials, with these groups, if there are any, instead
    // of the test's own; not the test's own uid needs root.
    BusClient(const std::string& address, sd_event* event, std::optional<uid_t> user = std::nullopt,
        const std::vector<gid_t>& groups = {});
    ~BusClient();
    BusClient(const BusClient&) = delete;
    BusClient& operator=(const BusClient&) = delete;

    // Sends a call to org.nsd1 and goes on.
    [[nodiscard]] AnswerPtr start(
        const std::string& path, const char* interface, const char* method, const Fill& fill);
    // The same, and turns the loop until it is answered.
    AnswerPtr call(const std::string& path, const char* interface, const char* method, const Fill& fill);

    // Calls of the two interfaces; the arguments as those of sd_bus_message_append.
    template <class... Args>
    AnswerPtr manager(const char* method, const char* signature, Args... args) {
        return call("/org/nsd1", "org.nsd1.Manager", method, filled(signature, args...));
    }
    template <class... Args>
    AnswerPtr object(const std::string& path, const char* method, const char* signature, Args... args) {
        return call(path, "org.nsd1.Namespace", method, filled(signature, args...));
    }
    template <class... Args>
    [[nodiscard]] static Fill filled(const char* signature, Args... args) {
        return [=](sd_bus_message* message) {
            if (*signature != '\0')
                check(sd_bus_message_append(message, signature, args...));
        };
    }
    // A property's text, or "error NAME".
    std::string property(const std::string& path, const char* interface, const char* name);

    // Collects the signals of org.nsd1 from now on, as "Member text".
    void listen();
    [[nodiscard]] const std::vector<std::string>& signals() const noexcept { return signals_; }
    void forgetSignals() { signals_.clear(); }
    // Turns the loop until there are `count` signals.
    void waitForSignals(std::size_t count);

    [[nodiscard]] std::string uniqueName() const;
    // Turns the loop until `holds`; throws where that takes 20 s.
    void turnUntil(const std::function<bool()>& holds);
    // Everything that was sent is on its way, and the connection is closed.
    void vanish();

  private:
    static void check(int result);
    static int onAnswer(sd_bus_message* message, void* answer, sd_bus_error* error);
    static int onSignal(sd_bus_message* message, void* self, sd_bus_error* error);

    sd_event* event_;
    sd_bus* bus_ = nullptr;
    bool listening_ = false;
    std::vector<std::string> signals_;
};

// The descriptor of a result `h`, as the test's own; the bus's copy of it goes with the answer.
[[nodiscard]] UniqueFd takeFd(const AnswerPtr& answer);
// The descriptors of an a{sh}, likewise.
[[nodiscard]] std::map<std::string, UniqueFd> takeFds(const AnswerPtr& answer);

} // namespace nsd::test
