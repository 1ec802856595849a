// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"

#include <cstdint>
#include <memory>
#include <utility>

namespace nsd {

// A loop as one owner sees it: what was posted through it is forgotten when it goes, so that posted
// work may use whatever the owner has. Everything else is the loop's own.
class LoopScope final : public Loop {
  public:
    explicit LoopScope(Loop& loop) : loop_(loop) {}

    [[nodiscard]] SourcePtr watch(
        int fd, std::uint32_t events, std::function<void(std::uint32_t)> ready) override {
        return loop_.watch(fd, events, std::move(ready));
    }
    [[nodiscard]] SourcePtr after(std::chrono::microseconds delay, std::function<void()> due) override {
        return loop_.after(delay, std::move(due));
    }
    [[nodiscard]] SourcePtr onExit(pid_t child, std::function<void(int status)> exited) override {
        return loop_.onExit(child, std::move(exited));
    }
    void post(std::function<void()> work) override {
        loop_.post([open = std::weak_ptr<const bool>(open_), work = std::move(work)] {
            if (!open.expired())
                work();
        });
    }
    [[nodiscard]] std::chrono::microseconds now() const override { return loop_.now(); }
    void exit(int status) override { loop_.exit(status); }

  private:
    Loop& loop_;
    std::shared_ptr<const bool> open_ = std::make_shared<bool>(true);
};

} // namespace nsd
