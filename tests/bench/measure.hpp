// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <functional>
#include <vector>

namespace nsd::bench {

using Nanoseconds = std::chrono::nanoseconds;

// The times of one thing that was done often.
class Samples {
  public:
    void add(Nanoseconds time) { times_.push_back(time); }
    void add(const Samples& others) {
        times_.insert(times_.end(), others.times_.begin(), others.times_.end());
    }
    [[nodiscard]] std::size_t count() const noexcept { return times_.size(); }
    // Both throw where there are no samples. Of few samples, p99 is the slowest.
    [[nodiscard]] Nanoseconds median() const { return quantile(0.5); }
    [[nodiscard]] Nanoseconds p99() const { return quantile(0.99); }

  private:
    [[nodiscard]] Nanoseconds quantile(double part) const;

    std::vector<Nanoseconds> times_;
};

// How often: `rounds` times `batch` of the one side, then `batch` of the other.
struct Effort {
    unsigned rounds;
    unsigned batch;
    unsigned warmUp; // of each side, before the first round
};

// One of two things that are compared. `before` and `after` stand around each batch and are not
// timed; either may be empty.
struct Side {
    std::function<void()> act;
    std::function<void()> before;
    std::function<void()> after;
};

// Both sides under the same conditions, and how far the rounds agree.
struct Comparison {
    Samples ours;
    Samples other;
    std::vector<double> ratios; // of the medians of each round

    // Of the medians of all rounds.
    [[nodiscard]] double ratio() const;
    void addRound(const Samples& oursOfRound, const Samples& otherOfRound);
};

// Runs both sides in turn, so that what else goes on in the machine meets both; who begins changes
// from round to round.
[[nodiscard]] Comparison interleave(const Effort& effort, const Side& ours, const Side& other);

// One act, timed. Throws Interrupted where the user wants an end.
[[nodiscard]] Nanoseconds timed(const std::function<void()>& act);

} // namespace nsd::bench
