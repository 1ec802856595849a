// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/bus_client.hpp"

#include "tests/bus/message_text.hpp"

#include <chrono>
#include <cstdint>
#include <cstring>
#include <grp.h>
#include <stdexcept>
#include <unistd.h>

namespace nsd::test {
namespace {

// The credentials of a socket are those of its connect(2).
class AsUser {
  public:
    AsUser(std::optional<uid_t> user, const std::vector<gid_t>& groups)
        : changed_(user && *user != ::geteuid()), own_(groups.empty() ? 0 : ::getgroups(0, nullptr)) {
        if (!groups.empty()) {
            if (::getgroups(static_cast<int>(own_.size()), own_.data()) < 0 ||
                ::setgroups(groups.size(), groups.data()) != 0)
                throw std::runtime_error("setgroups");
            regrouped_ = true;
        }
        if (changed_ && ::seteuid(*user) != 0)
            throw std::runtime_error("seteuid");
    }
    AsUser(const AsUser&) = delete;
    AsUser& operator=(const AsUser&) = delete;
    ~AsUser() {
        if ((changed_ && ::seteuid(0) != 0) || (regrouped_ && ::setgroups(own_.size(), own_.data()) != 0))
            std::terminate();
    }

  private:
    bool changed_;
    bool regrouped_ = false;
    std::vector<gid_t> own_;
};

} // namespace

void BusClient::check(int result) {
    if (result < 0)
        throw std::runtime_error(std::string("sd-bus: ") + std::strerror(-result));
}

BusClient::BusClient(
    const std::string& address, sd_event* event, std::optional<uid_t> user, const std::vector<gid_t>& groups)
    : event_(event) {
    check(sd_bus_new(&bus_));
    check(sd_bus_set_address(bus_, address.c_str()));
    check(sd_bus_set_bus_client(bus_, 1));
    check(sd_bus_negotiate_fds(bus_, 1));
    {
        const AsUser sender(user, groups);
        check(sd_bus_start(bus_));
    }
    check(sd_bus_attach_event(bus_, event_, SD_EVENT_PRIORITY_NORMAL));
    turnUntil([&] { return sd_bus_is_ready(bus_) > 0; });
}

BusClient::~BusClient() {
    vanish();
}

void BusClient::vanish() {
    if (bus_ == nullptr)
        return;
    sd_bus_flush(bus_);
    sd_bus_detach_event(bus_);
    bus_ = sd_bus_close_unref(bus_);
}

void BusClient::turnUntil(const std::function<bool()>& holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    constexpr std::uint64_t slice = 100'000; // µs
    while (!holds()) {
        check(sd_event_run(event_, slice));
        if (std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error("what the test waits for does not come");
    }
}

int BusClient::onAnswer(sd_bus_message* message, void* data, sd_bus_error* /*error*/) {
    auto& answer = **static_cast<AnswerPtr*>(data);
    answer.done = true;
    if (const auto* error = sd_bus_message_get_error(message); error != nullptr) {
        answer.error = error->name;
        answer.text = error->message == nullptr ? "" : error->message;
    } else {
        answer.text = textOf(message);
    }
    answer.message.reset(sd_bus_message_ref(message));
    return 0;
}

AnswerPtr BusClient::start(
    const std::string& path, const char* interface, const char* method, const Fill& fill) {
    sd_bus_message* raw = nullptr;
    check(sd_bus_message_new_method_call(bus_, &raw, "org.nsd1", path.c_str(), interface, method));
    const MessagePtr message(raw);
    fill(raw);
    auto answer = std::make_shared<Answer>();
    auto share = std::make_unique<AnswerPtr>(answer);
    constexpr std::uint64_t patience = 60'000'000; // µs
    sd_bus_slot* slot = nullptr;
    check(sd_bus_call_async(bus_, &slot, raw, onAnswer, share.get(), patience));
    const auto forget = [](void* data) { delete static_cast<AnswerPtr*>(data); };
    check(sd_bus_slot_set_destroy_callback(slot, forget));
    static_cast<void>(share.release()); // the slot's, which goes with the answer or the connection
    check(sd_bus_slot_set_floating(slot, 1));
    sd_bus_slot_unref(slot);
    return answer;
}

AnswerPtr BusClient::call(
    const std::string& path, const char* interface, const char* method, const Fill& fill) {
    auto answer = start(path, interface, method, fill);
    turnUntil([&] { return answer->done; });
    return answer;
}

std::string BusClient::property(const std::string& path, const char* interface, const char* name) {
    const auto answer = call(path, "org.freedesktop.DBus.Properties", "Get", filled("ss", interface, name));
    return answer->error.empty() ? answer->text : "error " + answer->error;
}

int BusClient::onSignal(sd_bus_message* message, void* self, sd_bus_error* /*error*/) {
    static_cast<BusClient*>(self)->signals_.push_back(
        sd_bus_message_get_member(message) + (' ' + textOf(message)));
    return 0;
}

void BusClient::listen() {
    const auto onInstalled = [](sd_bus_message* /*message*/, void* self, sd_bus_error* /*error*/) {
        static_cast<BusClient*>(self)->listening_ = true;
        return 0;
    };
    check(sd_bus_add_match_async(
        bus_, nullptr, "type='signal',path_namespace='/org/nsd1'", onSignal, onInstalled, this));
    turnUntil([&] { return listening_; });
}

void BusClient::waitForSignals(std::size_t count) {
    turnUntil([&] { return signals_.size() >= count; });
}

std::string BusClient::uniqueName() const {
    const char* name = nullptr;
    check(sd_bus_get_unique_name(bus_, &name));
    return name;
}

UniqueFd takeFd(const AnswerPtr& answer) {
    int fd = -1;
    sd_bus_message_rewind(answer->message.get(), 1);
    return sd_bus_message_read(answer->message.get(), "h", &fd) > 0 ? duplicateFd(fd) : UniqueFd();
}

std::map<std::string, UniqueFd> takeFds(const AnswerPtr& answer) {
    std::map<std::string, UniqueFd> fds;
    auto* const message = answer->message.get();
    sd_bus_message_rewind(message, 1);
    sd_bus_message_enter_container(message, 'a', "{sh}");
    const char* type = nullptr;
    int fd = -1;
    while (sd_bus_message_read(message, "{sh}", &type, &fd) > 0)
        fds.emplace(type, duplicateFd(fd));
    return fds;
}

} // namespace nsd::test
