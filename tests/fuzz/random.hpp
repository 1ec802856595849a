// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>

namespace nsd::test {

// Chance, the same for the same seed on every machine (std::uniform_int_distribution is not).
class Random {
  public:
    explicit Random(std::uint64_t seed) : engine_(seed) {}

    [[nodiscard]] std::uint64_t any() { return engine_(); }
    // 0 … end − 1.
    [[nodiscard]] std::size_t below(std::size_t end) { return static_cast<std::size_t>(engine_() % end); }
    [[nodiscard]] bool chance(unsigned percent) { return below(100) < percent; }
    template <class List>
    [[nodiscard]] const auto& oneOf(const List& list) {
        return list[below(std::size(list))];
    }

  private:
    std::mt19937_64 engine_;
};

} // namespace nsd::test
