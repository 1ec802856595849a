// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/log_control.hpp"
#include "systemd/record.hpp"

#include <memory>

namespace nsd {

// All that nsd says, and the one place that sends to the journal. Lines of the log go through spdlog
// (synchronous: no thread) to stderr; where that is the journal's, each begins with sd-daemon(3)'s "<3>",
// from which the journal takes the priority, elsewhere with the level's word. Records go to the journal with
// their fields where stderr is the journal's, elsewhere they are lines. The target "journal" sends all to
// the journal itself, "console" all to stderr, "auto" is as said before. What no journal takes becomes a
// line; one that hangs is not waited for, and is told later how many entries it has missed.
class Logging final : public Log, public LogControl, public Records {
  public:
    Logging();
    ~Logging() override;
    Logging(const Logging&) = delete;
    Logging& operator=(const Logging&) = delete;

    // Lines below the level are dropped; at first: Info. Records in the journal are not.
    void setLevel(Level level) noexcept;
    void write(Level level, std::string_view text) noexcept override;
    void record(const Record& record) noexcept override;

    [[nodiscard]] std::string_view logLevel() const noexcept override;
    [[nodiscard]] std::string_view logTarget() const noexcept override;
    void setLogLevel(std::string_view word) override;
    void setLogTarget(std::string_view word) override;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace nsd
