// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

namespace nsd {

// How much is logged, and where to, in the words of org.freedesktop.LogControl1(5).
class LogControl {
  public:
    LogControl() = default;
    LogControl(const LogControl&) = delete;
    LogControl& operator=(const LogControl&) = delete;
    virtual ~LogControl() = default;

    [[nodiscard]] virtual std::string_view logLevel() const noexcept = 0;
    [[nodiscard]] virtual std::string_view logTarget() const noexcept = 0;
    // Throw Error{InvalidArgument} that names what there is.
    virtual void setLogLevel(std::string_view word) = 0;
    virtual void setLogTarget(std::string_view word) = 0;
};

} // namespace nsd
