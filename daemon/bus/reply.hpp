// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "common/outcome.hpp"
#include "daemon/core/quotas.hpp"
#include "dbus/compat.hpp"

#include <sdbus-c++/sdbus-c++.h>

#include <memory>
#include <utility>

namespace nsd::bus {

// The exception that is being handled, whatever it is, as an Error. To be called in a catch block.
[[nodiscard]] Error currentError() noexcept;

// The answer to one method call. Copies stand for the same call, which is answered exactly once: the
// first answer counts, and when the last copy goes without one, an error is answered, since a caller
// must not wait for what nobody will ever say. Must not outlive the connection.
template <class... Ts>
class Reply {
  public:
    // `object`: what was called, if it may go before the answer is there. sd-bus compares an answer
    // with the signature in the object's method table, so the object must still be there then.
    Reply(sdbus::Result<Ts...>&& result, std::shared_ptr<const void> object)
        : call_(std::make_shared<Call>(std::move(result), std::move(object))) {}

    void send(const Ts&... values) const {
        call_->answer([&](const auto& result) { result.returnResults(values...); });
    }
    void fail(const Error& error) const noexcept { call_->fail(error); }

    // Runs a step of the method; whatever it throws is answered and goes no further, since above
    // are the C frames of sd-bus.
    template <class F>
    void guard(F&& step) const noexcept {
        try {
            std::forward<F>(step)();
        } catch (...) {
            fail(currentError());
        }
    }

    // Given back when the call is answered.
    [[nodiscard]] const std::shared_ptr<Quotas::Share>& share() const noexcept { return call_->share(); }

    // A completion that hands the value to `next` under guard(), and answers an error itself.
    template <class T, class F>
    [[nodiscard]] Completion<T> then(F next) const {
        return [reply = *this, next = std::move(next)](
                   Outcome<T> outcome) mutable { reply.guard([&] { next(std::move(outcome).value()); }); };
    }

  private:
    class Call {
      public:
        Call(sdbus::Result<Ts...>&& result, std::shared_ptr<const void> object)
            : object_(std::move(object)), result_(std::move(result)) {}
        Call(const Call&) = delete;
        Call& operator=(const Call&) = delete;
        ~Call() { fail(Error(Errc::KernelError, "nsd gave up on this call before it was done")); }

        // A value that cannot be sent (a string that is no UTF-8) throws out of here, and the call
        // is still open for the error that says so.
        template <class F>
        void answer(F&& give) {
            if (answered_)
                return;
            give(result_);
            finish();
        }
        void fail(const Error& error) noexcept {
            try {
                answer([&](const auto& result) { result.returnError(dbus::toBusError(error)); });
            } catch (...) {
                finish(); // the bus is gone; whoever drives the connection ends the daemon
            }
        }
        [[nodiscard]] const std::shared_ptr<Quotas::Share>& share() const noexcept { return share_; }

      private:
        void finish() noexcept {
            answered_ = true;
            share_->giveBack();
        }

        std::shared_ptr<Quotas::Share> share_ = std::make_shared<Quotas::Share>();
        std::shared_ptr<const void> object_;
        sdbus::Result<Ts...> result_;
        bool answered_ = false;
    };

    std::shared_ptr<Call> call_;
};

} // namespace nsd::bus
