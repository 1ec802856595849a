// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace nsd {

// Something that takes more than one turn of the loop. Operations owns it from its start to its end;
// what it waits for holds it weakly, so that an answer that comes too late finds nobody.
class Operation : public std::enable_shared_from_this<Operation> {
  public:
    Operation() = default;
    Operation(const Operation&) = delete;
    Operation& operator=(const Operation&) = delete;
    virtual ~Operation() = default;

  protected:
    // A completion, or something to post, that goes on with `step` of `self`, if that is still there. It
    // stays there until the step returns.
    template <class Self, class... Args>
    [[nodiscard]] std::function<void(Args...)> then(Self& self, void (Self::*step)(Args...)) {
        return [weak = weak_from_this(), &self, step](Args... args) {
            if (const auto alive = weak.lock())
                (self.*step)(std::forward<Args>(args)...);
        };
    }
};

// The operations under way; when this goes, they are dropped as they are, and their completions with
// them.
class Operations {
  public:
    template <class T, class... Arguments>
    T& start(Arguments&&... arguments) {
        auto operation = std::make_shared<T>(std::forward<Arguments>(arguments)...);
        auto& started = *operation;
        all_.push_back(std::move(operation));
        return started;
    }
    // Called by the operation itself, at the end of its last step.
    void finish(const Operation& operation) {
        std::erase_if(all_, [&](const auto& entry) { return entry.get() == &operation; });
    }
    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }

  private:
    std::vector<std::shared_ptr<Operation>> all_;
};

} // namespace nsd
