// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"

#include <functional>
#include <utility>
#include <variant>

namespace nsd {

// What an asynchronous step ended with: a value or an Error. (C++20 has no std::expected.)
template <class T>
class Outcome {
  public:
    Outcome(T value) : state_(std::move(value)) {}     // NOLINT(google-explicit-constructor)
    Outcome(Error error) : state_(std::move(error)) {} // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool ok() const noexcept { return std::holds_alternative<T>(state_); }
    // The value; throws the Error where there is none.
    [[nodiscard]] T& value() & {
        if (auto* error = std::get_if<Error>(&state_))
            throw *error;
        return std::get<T>(state_);
    }
    [[nodiscard]] T value() && { return std::move(value()); }
    [[nodiscard]] const Error& error() const { return std::get<Error>(state_); }

  private:
    std::variant<T, Error> state_;
};

// The value of a step that has nothing to give back.
struct Done {};

// Called exactly once, on the loop's thread, and never from inside the call that took it, so that
// the caller need not be ready for its own re-entry.
template <class T>
using Completion = std::function<void(Outcome<T>)>;

} // namespace nsd
