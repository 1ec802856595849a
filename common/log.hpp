// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

namespace nsd {

// Where diagnostics go; systemd/Logging implements it. Text that came from a client is quoted
// (common/quote) by whoever writes the line.
class Log {
  public:
    enum class Level { Debug, Info, Warning, Error };

    Log() = default;
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;
    virtual ~Log() = default;

    virtual void write(Level level, std::string_view text) noexcept = 0;

    void debug(std::string_view text) noexcept { write(Level::Debug, text); }
    void info(std::string_view text) noexcept { write(Level::Info, text); }
    void warning(std::string_view text) noexcept { write(Level::Warning, text); }
    void error(std::string_view text) noexcept { write(Level::Error, text); }
};

} // namespace nsd
