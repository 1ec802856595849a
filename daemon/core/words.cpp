// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/core/namespace_record.hpp"

#include <array>

namespace nsd {
namespace {

template <class T>
struct Row {
    T value;
    std::string_view word;
};

constexpr std::array origins{
    Row<Origin>{Origin::Created, "created"},
    Row<Origin>{Origin::Adopted, "adopted"},
    Row<Origin>{Origin::Declared, "declared"},
    Row<Origin>{Origin::Unit, "unit"},
};
constexpr std::array lifetimes{
    Row<Lifetime>{Lifetime::Manual, "manual"},
    Row<Lifetime>{Lifetime::Lease, "lease"},
    Row<Lifetime>{Lifetime::Ttl, "ttl"},
    Row<Lifetime>{Lifetime::Persistent, "persistent"},
};
constexpr std::array states{
    Row<State>{State::Pending, "pending"},
    Row<State>{State::Ready, "ready"},
    Row<State>{State::Degraded, "degraded"},
};
constexpr std::array answers{
    Row<Released>{Released::Yes, "yes"},
    Row<Released>{Released::No, "no"},
    Row<Released>{Released::Unknown, "unknown"},
};

template <class Table, class T>
std::string_view wordOf(const Table& table, T value) noexcept {
    for (const auto& row : table)
        if (row.value == value)
            return row.word;
    return {};
}

template <class Table>
auto valueOf(const Table& table, std::string_view word, std::string_view kind) {
    for (const auto& row : table)
        if (row.word == word)
            return row.value;
    throw Error(Errc::InvalidArgument, quoted(word) + " is not " + std::string(kind));
}

} // namespace

std::string_view toWord(Origin origin) noexcept {
    return wordOf(origins, origin);
}
std::string_view toWord(Lifetime lifetime) noexcept {
    return wordOf(lifetimes, lifetime);
}
std::string_view toWord(State state) noexcept {
    return wordOf(states, state);
}
std::string_view toWord(Released released) noexcept {
    return wordOf(answers, released);
}
Origin originFromWord(std::string_view word) {
    return valueOf(origins, word, "an origin");
}
Lifetime lifetimeFromWord(std::string_view word) {
    return valueOf(lifetimes, word, "a lifetime");
}

} // namespace nsd
