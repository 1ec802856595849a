// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "common/outcome.hpp"
#include "daemon/kernel/worker_lane.hpp"

#include <utility>
#include <variant>

namespace nsd {

// The one kind of reply that can answer a request. Throws Error for any other.
template <class Reply>
[[nodiscard]] Reply& replyOf(WorkerAnswer& answer) {
    if (auto* reply = std::get_if<Reply>(&answer.reply))
        return *reply;
    throw Error(Errc::KernelError, "a worker answered another question than the one it was asked");
}

// An answer turned into what the port promises; an Error stays one, and one thrown becomes one.
template <class T, class Translate>
[[nodiscard]] Outcome<T> translate(Outcome<WorkerAnswer> outcome, Translate translate) {
    try {
        return Outcome<T>(translate(std::move(outcome).value()));
    } catch (const Error& error) {
        return Outcome<T>(error);
    }
}

} // namespace nsd
