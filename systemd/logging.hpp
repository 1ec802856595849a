// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"

#include <memory>

namespace nsd {

// The Log on spdlog: synchronous (no thread), to stderr. Under systemd each line begins with
// sd-daemon(3)'s "<3>", from which the journal takes the priority; elsewhere with the level's word.
class Logging : public Log {
  public:
    Logging();
    ~Logging() override;

    // Lines below the level are dropped. At first: Info.
    void setLevel(Level level) noexcept;
    void write(Level level, std::string_view text) noexcept override;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace nsd
