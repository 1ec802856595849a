// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <systemd/sd-bus.h>

namespace nsd::client {

// What sd-bus says about a call that failed. Owns the texts.
class BusError {
  public:
    BusError() = default;
    BusError(const BusError&) = delete;
    BusError& operator=(const BusError&) = delete;
    ~BusError() { sd_bus_error_free(&error_); }

    [[nodiscard]] sd_bus_error* get() noexcept { return &error_; }
    [[nodiscard]] std::string name() const { return error_.name != nullptr ? error_.name : ""; }
    [[nodiscard]] std::string message() const { return error_.message != nullptr ? error_.message : ""; }

  private:
    sd_bus_error error_ = SD_BUS_ERROR_NULL;
};

} // namespace nsd::client
