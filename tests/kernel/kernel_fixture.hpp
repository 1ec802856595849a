// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/outcome.hpp"
#include "systemd/event_loop.hpp"
#include "tests/support/temp_dir.hpp"

#include <chrono>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace nsd::test {

// What was logged, line by line, with the first letter of its level.
class MemoryLog final : public Log {
  public:
    void write(Level level, std::string_view text) noexcept override;
    [[nodiscard]] bool has(std::string_view part) const;
    [[nodiscard]] const std::vector<std::string>& lines() const noexcept { return lines_; }

  private:
    std::vector<std::string> lines_;
};

// A loop of the real kind that a test turns until something is so.
class TurnedLoop {
  public:
    TurnedLoop() : loop_(log_) {}

    [[nodiscard]] EventLoop& loop() noexcept { return loop_; }
    [[nodiscard]] MemoryLog& log() noexcept { return log_; }

    // Turns until `reached`; false where that does not come in time.
    [[nodiscard]] bool turnUntil(
        const std::function<bool()>& reached, std::chrono::milliseconds patience = std::chrono::seconds(20));
    // All that is ready now.
    void turnAll();

  private:
    MemoryLog log_;
    EventLoop loop_;
};

// A completion that remembers its one answer.
template <class T>
class Answer {
  public:
    [[nodiscard]] Completion<T> completion() {
        return [state = state_](Outcome<T> outcome) {
            ++state->times;
            state->outcome.emplace(std::move(outcome));
        };
    }
    [[nodiscard]] bool there() const noexcept { return state_->times != 0; }
    [[nodiscard]] int times() const noexcept { return state_->times; }
    [[nodiscard]] Outcome<T>& outcome() const { return *state_->outcome; }

  private:
    struct State {
        int times = 0;
        std::optional<Outcome<T>> outcome;
    };
    std::shared_ptr<State> state_ = std::make_shared<State>();
};

// Turns the loop until the answer is there, and takes it; throws its Error.
template <class T>
[[nodiscard]] T await(TurnedLoop& loop, Answer<T>& answer) {
    if (!loop.turnUntil([&] { return answer.there(); }))
        throw std::runtime_error("no answer came");
    return std::move(answer.outcome()).value();
}

} // namespace nsd::test
