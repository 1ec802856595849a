// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dbus/loop_attachment.hpp"

#include "common/error.hpp"
#include "dbus/compat.hpp"

#include <cstdlib>
#include <ctime>
#include <string>

namespace nsd::dbus {
namespace {

// Messages handled in a row before other sources of the loop get their turn.
constexpr int batch = 32;

void check(int result, const char* step) {
    if (result < 0)
        throw kernelError(step, "the event loop", -result);
}

} // namespace

LoopAttachment::LoopAttachment(sdbus::IConnection& connection, sd_event* event, Log& log)
    : connection_(connection), event_(sd_event_ref(event)), log_(log) {
    const auto state = pollState(connection);
    check(sd_event_add_io(event, &io_, state.fd, state.events, onIo, this), "add the bus to");
    check(sd_event_source_set_prepare(io_, onPrepare), "add the bus to");
    check(sd_event_add_time(event, &time_, CLOCK_MONOTONIC, 0, 0, onTime, this), "add a timer to");
    check(sd_event_source_set_enabled(time_, SD_EVENT_OFF), "add a timer to");
    sd_event_source_set_description(io_, "bus");
    sd_event_source_set_description(time_, "bus-time");
}

LoopAttachment::~LoopAttachment() {
    sd_event_source_disable_unref(time_);
    sd_event_source_disable_unref(io_);
    sd_event_unref(event_);
}

template <class Step>
int LoopAttachment::guarded(Step step) noexcept {
    try {
        step();
        return 0;
    } catch (const std::exception& error) {
        log_.error(std::string("The connection to the bus is lost: ") + error.what());
    } catch (...) {
        log_.error("The connection to the bus is lost");
    }
    sd_event_source_set_enabled(time_, SD_EVENT_OFF);
    sd_event_source_set_enabled(io_, SD_EVENT_OFF);
    return sd_event_exit(event_, EXIT_FAILURE);
}

void LoopAttachment::prepare() {
    const auto state = pollState(connection_);
    check(sd_event_source_set_io_events(io_, state.events), "watch the bus in");
    if (state.deadline == UINT64_MAX) {
        check(sd_event_source_set_enabled(time_, SD_EVENT_OFF), "set a timer of");
        return;
    }
    check(sd_event_source_set_time(time_, state.deadline), "set a timer of");
    check(sd_event_source_set_enabled(time_, SD_EVENT_ONESHOT), "set a timer of");
}

void LoopAttachment::process() {
    for (int handled = 0; handled < batch && processOne(connection_); ++handled) {
    }
}

int LoopAttachment::onPrepare(sd_event_source* /*source*/, void* self) noexcept {
    auto& attachment = *static_cast<LoopAttachment*>(self);
    return attachment.guarded([&] { attachment.prepare(); });
}

int LoopAttachment::onIo(
    sd_event_source* /*source*/, int /*fd*/, std::uint32_t /*events*/, void* self) noexcept {
    auto& attachment = *static_cast<LoopAttachment*>(self);
    return attachment.guarded([&] { attachment.process(); });
}

int LoopAttachment::onTime(sd_event_source* /*source*/, std::uint64_t /*now*/, void* self) noexcept {
    auto& attachment = *static_cast<LoopAttachment*>(self);
    return attachment.guarded([&] { attachment.process(); });
}

} // namespace nsd::dbus
