// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

namespace nsd::test {

// org.freedesktop.PolicyKit1 on a bus of the test's own: writes down what it is asked, and answers as
// the test says. It is driven by the loop that it gets, in the test's own thread.
class FakePolkit {
  public:
    enum class Answer {
        Yes,
        No,
        Challenge, // whoever asks would have to be authenticated
        Dismissed, // the user closed the dialog
        Failure,   // an error
        Malformed, // a result of another signature
        Never,     // kept open, until answerOpen()
    };
    struct Question {
        std::string sender;      // who asks: its unique name
        std::string subjectKind; // "system-bus-name"
        std::string subject;     // ":1.42"
        std::string action;
        std::map<std::string, std::string> details;
        bool interactive = false;
        std::string cancellationId;
        bool cancelled = false;
        bool subjectLeft = false; // the bus has said so, to us as to everybody who asked it
        bool open = false;        // not answered yet; one that is cancelled is answered, as polkit does it
    };

    // Owns the name when this returns; root may on a TestBus.
    FakePolkit(const std::string& address, sd_event* event);
    ~FakePolkit();
    FakePolkit(const FakePolkit&) = delete;
    FakePolkit& operator=(const FakePolkit&) = delete;

    // How questions are answered from now on; Yes at first.
    void answerWith(Answer answer) {
        decide = [answer](const Question&) { return answer; };
    }
    std::function<Answer(const Question&)> decide;
    // Whether a cancelled question gets its answer at once, as from polkit; false: it hangs.
    bool heedsCancel = true;
    // Whether it says yes to an open question at the moment that its subject leaves the bus.
    bool yesToWhoLeaves = false;

    // Everything that it was asked, the oldest first. References stay good.
    [[nodiscard]] const std::vector<std::unique_ptr<Question>>& questions() const noexcept {
        return questions_;
    }
    [[nodiscard]] std::size_t open() const noexcept;
    [[nodiscard]] std::size_t cancelled() const noexcept;
    // The late answer to a question that is open.
    void answer(std::size_t index, Answer answer);
    void answerOpen(Answer answer);
    // Returns when the bus has passed on everything that was said; at once where this has left.
    void awaitDelivery();
    // No longer on the bus, as when polkit crashes.
    void leave();

  private:
    struct Unref {
        void operator()(sd_bus_message* message) const noexcept { sd_bus_message_unref(message); }
    };
    using MessagePtr = std::unique_ptr<sd_bus_message, Unref>;

    static int onVanished(sd_bus_message* message, void* self, sd_bus_error* error);
    static int onMessage(sd_bus_message* message, void* self, sd_bus_error* error);
    void check(sd_bus_message* message);
    void cancel(sd_bus_message* message);

    sd_bus* bus_ = nullptr;
    std::vector<std::unique_ptr<Question>> questions_;
    std::map<std::size_t, MessagePtr> calls_; // of the open ones
};

} // namespace nsd::test
