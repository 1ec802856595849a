// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/fake_polkit.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace nsd::test {
namespace {

constexpr auto serviceName = "org.freedesktop.PolicyKit1";
constexpr auto authorityPath = "/org/freedesktop/PolicyKit1/Authority";
constexpr auto authorityInterface = "org.freedesktop.PolicyKit1.Authority";

int mustWork(int result) {
    if (result < 0)
        throw std::runtime_error(std::string("fake polkit: ") + std::strerror(-result));
    return result;
}

std::string readString(sd_bus_message* message) {
    const char* text = nullptr;
    mustWork(sd_bus_message_read(message, "s", &text));
    return text;
}

// (sa{sv}) of which only the entry "name" is known.
void readSubject(sd_bus_message* message, FakePolkit::Question& question) {
    mustWork(sd_bus_message_enter_container(message, 'r', "sa{sv}"));
    question.subjectKind = readString(message);
    mustWork(sd_bus_message_enter_container(message, 'a', "{sv}"));
    while (mustWork(sd_bus_message_enter_container(message, 'e', "sv")) > 0) {
        const auto key = readString(message);
        const char* value = nullptr;
        mustWork(sd_bus_message_read(message, "v", "s", &value));
        if (key == "name")
            question.subject = value;
        mustWork(sd_bus_message_exit_container(message));
    }
    mustWork(sd_bus_message_exit_container(message));
    mustWork(sd_bus_message_exit_container(message));
}

void readDetails(sd_bus_message* message, FakePolkit::Question& question) {
    mustWork(sd_bus_message_enter_container(message, 'a', "{ss}"));
    const char* key = nullptr;
    const char* value = nullptr;
    while (mustWork(sd_bus_message_read(message, "{ss}", &key, &value)) > 0)
        question.details[key] = value;
    mustWork(sd_bus_message_exit_container(message));
}

void reply(sd_bus_message* call, FakePolkit::Answer answer) {
    using Answer = FakePolkit::Answer;
    switch (answer) {
    case Answer::Yes:
        sd_bus_reply_method_return(call, "(bba{ss})", 1, 0, 0);
        break;
    case Answer::No:
        sd_bus_reply_method_return(call, "(bba{ss})", 0, 0, 0);
        break;
    case Answer::Challenge:
        sd_bus_reply_method_return(call, "(bba{ss})", 0, 1, 0);
        break;
    case Answer::Dismissed:
        sd_bus_reply_method_return(call, "(bba{ss})", 0, 0, 1, "polkit.dismissed", "true");
        break;
    case Answer::Failure:
        sd_bus_reply_method_errorf(call, "org.freedesktop.PolicyKit1.Error.Failed", "something is broken");
        break;
    case Answer::Malformed:
        sd_bus_reply_method_return(call, "b", 1);
        break;
    case Answer::Never:
        break;
    }
}

} // namespace

FakePolkit::FakePolkit(const std::string& address, sd_event* event) {
    answerWith(Answer::Yes);
    mustWork(sd_bus_new(&bus_));
    mustWork(sd_bus_set_address(bus_, address.c_str()));
    mustWork(sd_bus_set_bus_client(bus_, 1));
    mustWork(sd_bus_start(bus_));
    mustWork(sd_bus_add_object(bus_, nullptr, authorityPath, onMessage, this));
    mustWork(sd_bus_add_match(bus_, nullptr,
        "type='signal',sender='org.freedesktop.DBus',member='NameOwnerChanged',arg2=''", onVanished, this));
    mustWork(sd_bus_request_name(bus_, serviceName, 0));
    mustWork(sd_bus_attach_event(bus_, event, SD_EVENT_PRIORITY_NORMAL));
}

FakePolkit::~FakePolkit() {
    leave();
}

void FakePolkit::leave() {
    if (bus_ == nullptr)
        return;
    calls_.clear();
    for (const auto& question : questions_)
        question->open = false;
    sd_bus_flush(bus_);
    sd_bus_detach_event(bus_);
    bus_ = sd_bus_close_unref(bus_);
}

void FakePolkit::awaitDelivery() {
    if (bus_ == nullptr)
        return;
    constexpr auto bus = "org.freedesktop.DBus";
    mustWork(sd_bus_call_method(bus_, bus, "/", bus, "GetId", nullptr, nullptr, ""));
}

int FakePolkit::onVanished(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    auto& polkit = *static_cast<FakePolkit*>(self);
    const auto name = readString(message);
    for (std::size_t index = 0; index < polkit.questions_.size(); ++index) {
        auto& question = *polkit.questions_[index];
        if (question.subject != name)
            continue;
        question.subjectLeft = true;
        if (polkit.yesToWhoLeaves)
            polkit.answer(index, Answer::Yes);
    }
    return 0;
}

int FakePolkit::onMessage(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    auto& polkit = *static_cast<FakePolkit*>(self);
    if (sd_bus_message_is_method_call(message, authorityInterface, "CheckAuthorization") > 0)
        polkit.check(message);
    else if (sd_bus_message_is_method_call(message, authorityInterface, "CancelCheckAuthorization") > 0)
        polkit.cancel(message);
    else
        return 0;
    return 1;
}

void FakePolkit::check(sd_bus_message* message) {
    auto question = std::make_unique<Question>();
    question->sender = sd_bus_message_get_sender(message);
    readSubject(message, *question);
    question->action = readString(message);
    readDetails(message, *question);
    std::uint32_t flags = 0;
    mustWork(sd_bus_message_read(message, "u", &flags));
    question->interactive = (flags & 1U) != 0; // AllowUserInteraction
    question->cancellationId = readString(message);
    question->open = true;
    const auto index = questions_.size();
    questions_.push_back(std::move(question));
    calls_.emplace(index, sd_bus_message_ref(message));
    answer(index, decide(*questions_.back()));
}

void FakePolkit::cancel(sd_bus_message* message) {
    const auto id = readString(message);
    const std::string_view sender = sd_bus_message_get_sender(message);
    for (std::size_t index = 0; index < questions_.size(); ++index) {
        auto& question = *questions_[index];
        if (!question.open || question.cancellationId != id || question.sender != sender)
            continue;
        question.cancelled = true;
        if (!heedsCancel)
            return;
        sd_bus_reply_method_errorf(
            calls_.at(index).get(), "org.freedesktop.PolicyKit1.Error.Cancelled", "Operation was cancelled");
        question.open = false;
        calls_.erase(index);
        return;
    }
    sd_bus_reply_method_errorf(message, "org.freedesktop.PolicyKit1.Error.Failed", "no such cancellation id");
}

std::size_t FakePolkit::open() const noexcept {
    return calls_.size();
}

std::size_t FakePolkit::cancelled() const noexcept {
    return static_cast<std::size_t>(std::count_if(
        questions_.begin(), questions_.end(), [](const auto& question) { return question->cancelled; }));
}

void FakePolkit::answer(std::size_t index, Answer answer) {
    const auto call = calls_.find(index);
    if (call == calls_.end() || answer == Answer::Never)
        return;
    reply(call->second.get(), answer);
    questions_[index]->open = false;
    calls_.erase(call);
}

void FakePolkit::answerOpen(Answer answer) {
    std::vector<std::size_t> open;
    for (const auto& [index, call] : calls_)
        open.push_back(index);
    for (const auto index : open)
        this->answer(index, answer);
}

} // namespace nsd::test
