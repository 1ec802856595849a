// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace nsd::client {

// Something that nsctl keeps an eye on while it stands in for a command (superviseChild).
class Companion {
  public:
    Companion() = default;
    Companion(const Companion&) = delete;
    Companion& operator=(const Companion&) = delete;
    virtual ~Companion() = default;

    // Stays open.
    [[nodiscard]] virtual int fd() const noexcept = 0;
    // Called once, in the parent, with all signals blocked: the time to ask the kernel for SIGIO.
    virtual void begin() noexcept = 0;
    // At once, at each SIGIO, and a second after each time that it answers true.
    [[nodiscard]] virtual bool look() noexcept = 0;
};

} // namespace nsd::client
