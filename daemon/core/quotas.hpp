// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "config/quota_limits.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <sys/types.h>

namespace nsd {

// What a user can have too many of.
enum class Quota { Namespaces, Leases, Processes, Calls };

// How much each uid has, and the one place that says no. What is had is a Share, which whoever has it
// owns beside the thing itself, so that nothing is counted that is no longer there. Root is counted,
// but never refused. Limits may change at any time: they are asked only when something is taken.
class Quotas {
  private:
    struct Counts;

  public:
    // One of something, given back when this goes. It may outlive the Quotas.
    class Share {
      public:
        Share() = default; // of nothing
        Share(Share&& other) noexcept;
        Share& operator=(Share&& other) noexcept;
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;
        ~Share();

        void giveBack() noexcept;
        [[nodiscard]] explicit operator bool() const noexcept { return counts_ != nullptr; }

      private:
        friend class Quotas;
        Share(std::shared_ptr<Counts> counts, uid_t uid, Quota what) noexcept;

        std::shared_ptr<Counts> counts_;
        uid_t uid_ = 0;
        Quota what_ = Quota::Namespaces;
    };

    explicit Quotas(Loop& loop);
    Quotas(const Quotas&) = delete;
    Quotas& operator=(const Quotas&) = delete;
    ~Quotas() = default;

    void configure(const QuotaLimits& limits) noexcept { limits_ = limits; }

    // Throws Error{LimitExceeded} that names the limit, its number and its setting.
    [[nodiscard]] Share take(uid_t uid, Quota what);
    // Whatever the limit is: for what is there already, and for what root makes for a user.
    [[nodiscard]] Share count(uid_t uid, Quota what);
    [[nodiscard]] std::uint32_t used(uid_t uid, Quota what) const noexcept;

    // One change of state by or for this uid. Throws Error{LimitExceeded} for one too many at this moment.
    void spend(uid_t uid);
    // Whether one more decision about this uid that changes nothing is written down by itself; as many are
    // as there may be changes.
    [[nodiscard]] bool mayWriteDown(uid_t uid);

  private:
    // A bucket of `burst` drops into which `rate` of them run each second.
    struct Bucket {
        double drops;
        std::chrono::microseconds at;
    };
    using Buckets = std::map<uid_t, Bucket>;
    // False: it is empty. Root's never is.
    [[nodiscard]] bool draw(Buckets& buckets, uid_t uid);
    [[nodiscard]] double levelOf(const Bucket& bucket) const noexcept;

    Loop& loop_;
    QuotaLimits limits_;
    std::shared_ptr<Counts> counts_;
    Buckets changes_;
    Buckets records_;
};

} // namespace nsd
