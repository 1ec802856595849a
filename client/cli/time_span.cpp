// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/time_span.hpp"

#include "client/cli/arguments.hpp"
#include "common/quote.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <string>

namespace nsd::client {
namespace {

struct Unit {
    std::string_view word;
    std::int64_t nanoseconds;
};

constexpr std::int64_t microsecond = 1000;
constexpr std::int64_t millisecond = 1000 * microsecond;
constexpr std::int64_t second = 1000 * millisecond;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;
constexpr std::int64_t day = 24 * hour;
constexpr std::int64_t year = 31'557'600 * second; // 365.25 days
constexpr std::int64_t month = year / 12;          // 30.44 days

constexpr std::array units{
    Unit{"", second},
    Unit{"nsec", 1},
    Unit{"ns", 1},
    Unit{"usec", microsecond},
    Unit{"us", microsecond},
    Unit{"µs", microsecond},
    Unit{"μs", microsecond},
    Unit{"msec", millisecond},
    Unit{"ms", millisecond},
    Unit{"seconds", second},
    Unit{"second", second},
    Unit{"sec", second},
    Unit{"s", second},
    Unit{"minutes", minute},
    Unit{"minute", minute},
    Unit{"min", minute},
    Unit{"m", minute},
    Unit{"hours", hour},
    Unit{"hour", hour},
    Unit{"hr", hour},
    Unit{"h", hour},
    Unit{"days", day},
    Unit{"day", day},
    Unit{"d", day},
    Unit{"weeks", 7 * day},
    Unit{"week", 7 * day},
    Unit{"w", 7 * day},
    Unit{"months", month},
    Unit{"month", month},
    Unit{"M", month},
    Unit{"years", year},
    Unit{"year", year},
    Unit{"y", year},
};

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

bool isDigit(char c) noexcept {
    return c >= '0' && c <= '9';
}
bool isSpace(char c) noexcept {
    return c == ' ' || c == '\t';
}

class Parser {
  public:
    explicit Parser(std::string_view text) : whole_(text), rest_(text) {}

    std::int64_t parse() {
        skipSpaces();
        const bool negative = accept('-');
        if (!negative)
            accept('+');
        std::int64_t total = 0;
        do {
            skipSpaces();
            const auto part = readPart();
            if (part > most - total)
                fail("is too long a time");
            total += part;
            skipSpaces();
        } while (!rest_.empty());
        return negative ? -total : total;
    }

  private:
    // One number with its unit, in nanoseconds.
    std::int64_t readPart() {
        std::int64_t number = 0;
        bool digits = false;
        for (; !rest_.empty() && isDigit(rest_.front()); rest_.remove_prefix(1), digits = true) {
            const std::int64_t digit = rest_.front() - '0';
            if (number > (most - digit) / 10)
                fail("is too long a time");
            number = number * 10 + digit;
        }
        std::string_view fraction;
        if (accept('.')) {
            std::size_t length = 0;
            while (length < rest_.size() && isDigit(rest_[length]))
                ++length;
            fraction = rest_.substr(0, length);
            rest_.remove_prefix(length);
        }
        if (!digits && fraction.empty())
            fail("is not a time span (examples: 90, 1h 30min, 200ms)");
        skipSpaces();
        const auto unit = readUnit();
        if (number > most / unit)
            fail("is too long a time");
        std::int64_t part = number * unit;
        std::int64_t scale = unit;
        for (const char c : fraction) {
            scale /= 10;
            part += scale * (c - '0');
        }
        if (part < 0)
            fail("is too long a time");
        return part;
    }

    std::int64_t readUnit() {
        std::size_t length = 0;
        while (length < rest_.size() && !isDigit(rest_[length]) && !isSpace(rest_[length]) &&
               rest_[length] != '.')
            ++length;
        const auto word = rest_.substr(0, length);
        for (const auto& unit : units)
            if (unit.word == word) {
                rest_.remove_prefix(length);
                return unit.nanoseconds;
            }
        fail("has an unknown unit of time, " + quoted(word));
    }

    bool accept(char c) noexcept {
        if (rest_.empty() || rest_.front() != c)
            return false;
        rest_.remove_prefix(1);
        return true;
    }

    void skipSpaces() noexcept {
        while (!rest_.empty() && isSpace(rest_.front()))
            rest_.remove_prefix(1);
    }

    [[noreturn]] void fail(const std::string& why) const { throw UsageError(quoted(whole_) + " " + why); }

    std::string_view whole_;
    std::string_view rest_;
};

} // namespace

std::chrono::nanoseconds parseTimeSpan(std::string_view text) {
    return std::chrono::nanoseconds(Parser(text).parse());
}

std::chrono::microseconds parseDuration(std::string_view text) {
    const auto span = parseTimeSpan(text);
    if (span.count() < 0)
        throw UsageError(quoted(text) + " is a negative time");
    return std::chrono::ceil<std::chrono::microseconds>(span);
}

} // namespace nsd::client
