// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"

#include <cstdint>

#include <systemd/sd-event.h>

namespace sdbus {
class IConnection;
}

namespace nsd::dbus {

// Drives a bus connection from sd-event, between its construction and its destruction. A bus that
// goes away is logged and ends the loop with EXIT_FAILURE: sdbus-c++'s own attachment throws through
// the C frames of sd-event instead, which aborts the process. (common/loop.hpp is not enough here:
// what a connection waits for may change with every message sent, so it is asked before each wait.)
class LoopAttachment {
  public:
    // All three must outlive the attachment. Throws Error{KernelError}.
    LoopAttachment(sdbus::IConnection& connection, sd_event* event, Log& log);
    ~LoopAttachment();
    LoopAttachment(const LoopAttachment&) = delete;
    LoopAttachment& operator=(const LoopAttachment&) = delete;

  private:
    static int onPrepare(sd_event_source* source, void* self) noexcept;
    static int onIo(sd_event_source* source, int fd, std::uint32_t events, void* self) noexcept;
    static int onTime(sd_event_source* source, std::uint64_t now, void* self) noexcept;
    template <class Step>
    int guarded(Step step) noexcept;
    void prepare();
    void process();

    sdbus::IConnection& connection_;
    sd_event* event_;
    Log& log_;
    sd_event_source* io_ = nullptr;
    sd_event_source* time_ = nullptr;
};

} // namespace nsd::dbus
