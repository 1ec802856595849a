// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/wire_types.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nsd::bus {

// Reads the a{sv} options of a method: every key that the method knows is taken once, and finish()
// refuses what is left. Both an unknown key and a value of another type than the interface's are
// Error{InvalidArgument} that names the key.
class OptionReader {
  public:
    // `method` is for the error texts.
    OptionReader(std::string_view method, OptionMap given);

    // The type is the interface's; that of T is never adapted to what was sent.
    template <class T>
    [[nodiscard]] std::optional<T> take(std::string_view key);
    // An s; empty where it was not given. An empty one is refused: it would silently mean the same.
    [[nodiscard]] std::string takeText(std::string_view key);
    // A t in microseconds. Above a hundred years is refused: nobody means it, and sums with a clock
    // must not overflow.
    [[nodiscard]] std::optional<std::chrono::microseconds> takeDuration(std::string_view key);
    void finish() const;

  private:
    [[nodiscard]] std::optional<sdbus::Variant> extract(std::string_view key, std::string_view expected);

    std::string_view method_;
    OptionMap given_;
    std::vector<std::string_view> known_;
};

extern template std::optional<bool> OptionReader::take(std::string_view key);
extern template std::optional<std::uint32_t> OptionReader::take(std::string_view key);
extern template std::optional<std::uint64_t> OptionReader::take(std::string_view key);
extern template std::optional<std::int64_t> OptionReader::take(std::string_view key);
extern template std::optional<std::string> OptionReader::take(std::string_view key);
extern template std::optional<sdbus::UnixFd> OptionReader::take(std::string_view key);
extern template std::optional<Words> OptionReader::take(std::string_view key);
extern template std::optional<TextMap> OptionReader::take(std::string_view key);
extern template std::optional<OptionMaps> OptionReader::take(std::string_view key);
extern template std::optional<std::vector<WireIdRange>> OptionReader::take(std::string_view key);

} // namespace nsd::bus
