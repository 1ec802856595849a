// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/measure.hpp"

#include "tests/bench/interruption.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace nsd::bench {

namespace {

Samples runBatch(const Side& side, unsigned count) {
    Samples samples;
    if (side.before)
        side.before();
    for (unsigned i = 0; i < count; ++i)
        samples.add(timed(side.act));
    if (side.after)
        side.after();
    return samples;
}

double quotient(Nanoseconds ours, Nanoseconds other) {
    return static_cast<double>(ours.count()) / static_cast<double>(other.count());
}

} // namespace

Nanoseconds Samples::quantile(double part) const {
    if (times_.empty())
        throw std::logic_error("nothing was measured");
    auto times = times_;
    const auto rank = std::ceil(part * static_cast<double>(times.size())) - 1;
    const auto nth = times.begin() + static_cast<std::ptrdiff_t>(std::max(rank, 0.0));
    std::nth_element(times.begin(), nth, times.end());
    return *nth;
}

double Comparison::ratio() const {
    return quotient(ours.median(), other.median());
}

void Comparison::addRound(const Samples& oursOfRound, const Samples& otherOfRound) {
    ratios.push_back(quotient(oursOfRound.median(), otherOfRound.median()));
    ours.add(oursOfRound);
    other.add(otherOfRound);
}

Comparison interleave(const Effort& effort, const Side& ours, const Side& other) {
    runBatch(ours, effort.warmUp);
    runBatch(other, effort.warmUp);
    Comparison result;
    for (unsigned round = 0; round < effort.rounds; ++round) {
        const bool oursFirst = round % 2 == 0;
        const auto first = runBatch(oursFirst ? ours : other, effort.batch);
        const auto second = runBatch(oursFirst ? other : ours, effort.batch);
        result.addRound(oursFirst ? first : second, oursFirst ? second : first);
    }
    return result;
}

Nanoseconds timed(const std::function<void()>& act) {
    throwIfInterrupted();
    const auto start = std::chrono::steady_clock::now();
    act();
    return std::chrono::steady_clock::now() - start;
}

} // namespace nsd::bench
