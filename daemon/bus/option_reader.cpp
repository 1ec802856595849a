// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/option_reader.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <utility>

namespace nsd::bus {
namespace {

// The D-Bus signatures of the types that options have.
template <class T>
constexpr std::string_view signature = "";
template <>
constexpr std::string_view signature<bool> = "b";
template <>
constexpr std::string_view signature<std::uint32_t> = "u";
template <>
constexpr std::string_view signature<std::uint64_t> = "t";
template <>
constexpr std::string_view signature<std::int64_t> = "x";
template <>
constexpr std::string_view signature<std::string> = "s";
template <>
constexpr std::string_view signature<sdbus::UnixFd> = "h";
template <>
constexpr std::string_view signature<Words> = "as";
template <>
constexpr std::string_view signature<TextMap> = "a{ss}";
template <>
constexpr std::string_view signature<OptionMaps> = "aa{sv}";
template <>
constexpr std::string_view signature<std::vector<WireIdRange>> = "a(uuu)";

constexpr std::chrono::microseconds longest = std::chrono::years(100);

} // namespace

OptionReader::OptionReader(std::string_view method, OptionMap given)
    : method_(method), given_(std::move(given)) {}

std::optional<sdbus::Variant> OptionReader::extract(std::string_view key, std::string_view expected) {
    known_.push_back(key);
    auto node = given_.extract(std::string(key));
    if (node.empty())
        return std::nullopt;
    const std::string found = node.mapped().peekValueType();
    if (found != expected)
        throw Error(Errc::InvalidArgument, "option " + quoted(key) + " of " + std::string(method_) +
                                               " has type " + quoted(found) + " and must have " +
                                               quoted(expected));
    return std::move(node.mapped());
}

template <class T>
std::optional<T> OptionReader::take(std::string_view key) {
    static_assert(!signature<T>.empty());
    const std::optional<sdbus::Variant> value = extract(key, signature<T>);
    if (!value)
        return std::nullopt;
    return value->get<T>();
}

std::string OptionReader::takeText(std::string_view key) {
    auto text = take<std::string>(key);
    if (text && text->empty())
        throw Error(Errc::InvalidArgument,
            "option " + quoted(key) + " of " + std::string(method_) + " is empty; leave it out instead");
    return std::move(text).value_or("");
}

std::optional<std::chrono::microseconds> OptionReader::takeDuration(std::string_view key) {
    const auto value = take<std::uint64_t>(key);
    if (!value)
        return std::nullopt;
    if (*value > static_cast<std::uint64_t>(longest.count()))
        throw Error(Errc::InvalidArgument, "option " + quoted(key) + " is " + std::to_string(*value) +
                                               " µs; at most a hundred years are allowed (" +
                                               std::to_string(longest.count()) + " µs)");
    return std::chrono::microseconds(static_cast<std::int64_t>(*value));
}

void OptionReader::finish() const {
    if (given_.empty())
        return;
    std::string text = std::string(method_) + " has no option " + quoted(given_.begin()->first);
    if (known_.empty())
        throw Error(Errc::InvalidArgument, text + "; it has none at all");
    text += "; it has ";
    for (const auto key : known_) {
        text += key;
        text += key == known_.back() ? "" : ", ";
    }
    throw Error(Errc::InvalidArgument, text);
}

template std::optional<bool> OptionReader::take(std::string_view key);
template std::optional<std::uint32_t> OptionReader::take(std::string_view key);
template std::optional<std::uint64_t> OptionReader::take(std::string_view key);
template std::optional<std::int64_t> OptionReader::take(std::string_view key);
template std::optional<std::string> OptionReader::take(std::string_view key);
template std::optional<sdbus::UnixFd> OptionReader::take(std::string_view key);
template std::optional<Words> OptionReader::take(std::string_view key);
template std::optional<TextMap> OptionReader::take(std::string_view key);
template std::optional<OptionMaps> OptionReader::take(std::string_view key);
template std::optional<std::vector<WireIdRange>> OptionReader::take(std::string_view key);

} // namespace nsd::bus
