// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <utility>
#include <vector>

namespace nsd {

// Runs its function when the scope ends, unless dismissed.
class ScopeGuard {
  public:
    explicit ScopeGuard(std::function<void()> action) : action_(std::move(action)) {}
    ScopeGuard(const ScopeGuard&) = delete;
    ScopeGuard& operator=(const ScopeGuard&) = delete;
    ~ScopeGuard() {
        if (action_)
            action_();
    }
    void dismiss() noexcept { action_ = nullptr; }

  private:
    std::function<void()> action_;
};

// The undo steps of something that becomes real only at its commit: each step pushes its own undo,
// commit() forgets them all, and a destructor before that runs them backwards. Undo steps must not
// throw: there is nobody left to tell.
class UndoStack {
  public:
    UndoStack() = default;
    UndoStack(UndoStack&&) noexcept = default;
    UndoStack& operator=(UndoStack&&) = delete;
    UndoStack(const UndoStack&) = delete;
    UndoStack& operator=(const UndoStack&) = delete;
    ~UndoStack() { rollBack(); }

    void push(std::function<void()> undo) { steps_.push_back(std::move(undo)); }
    void commit() noexcept { steps_.clear(); }
    void rollBack() noexcept {
        while (!steps_.empty()) {
            auto undo = std::move(steps_.back());
            steps_.pop_back();
            undo();
        }
    }

  private:
    std::vector<std::function<void()>> steps_;
};

} // namespace nsd
