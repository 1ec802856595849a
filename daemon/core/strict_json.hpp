// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "common/quote.hpp"

#include <concepts>
#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace nsd {

// Reads one JSON object strictly: a missing, doubly meant, wrongly typed or unknown key is an Error
// that names it. `where` is how the object is called in the message. The object must outlive this.
class StrictObject {
  public:
    StrictObject(const nlohmann::json& object, std::string where)
        : object_(object), where_(std::move(where)) {
        if (!object_.is_object())
            throw Error(Errc::InvalidArgument, where_ + " is not an object");
    }

    // Null where the key is missing.
    [[nodiscard]] const nlohmann::json* find(const std::string& key) {
        taken_.insert(key);
        const auto found = object_.find(key);
        return found == object_.end() ? nullptr : &*found;
    }
    [[nodiscard]] const nlohmann::json& at(const std::string& key) {
        if (const auto* value = find(key))
            return *value;
        throw Error(Errc::InvalidArgument, where_ + " has no " + nsd::quoted(key));
    }
    template <class T>
    [[nodiscard]] T get(const std::string& key) {
        return convert<T>(at(key), where_ + ": " + nsd::quoted(key));
    }
    template <class T>
    [[nodiscard]] std::optional<T> getIfThere(const std::string& key) {
        const auto* value = find(key);
        return value == nullptr ? std::nullopt
                                : std::optional<T>(convert<T>(*value, where_ + ": " + nsd::quoted(key)));
    }
    // Call last: throws for every key that nobody asked for.
    void finish() const {
        for (const auto& [key, value] : object_.items())
            if (!taken_.contains(key))
                throw Error(Errc::InvalidArgument, where_ + " has an unknown key " + nsd::quoted(key));
    }

    // Never narrows a number and never turns one type into another, as json::get would.
    template <class T>
    [[nodiscard]] static T convert(const nlohmann::json& value, const std::string& where) {
        if constexpr (std::same_as<T, bool>) {
            if (value.is_boolean())
                return value.get<bool>();
            throw Error(Errc::InvalidArgument, where + " is not true or false");
        } else if constexpr (std::same_as<T, std::string>) {
            if (value.is_string())
                return value.get_ref<const std::string&>();
            throw Error(Errc::InvalidArgument, where + " is not a text");
        } else if constexpr (std::same_as<T, std::vector<std::string>>) {
            if (!value.is_array())
                throw Error(Errc::InvalidArgument, where + " is not a list");
            T texts;
            for (const auto& text : value)
                texts.push_back(convert<std::string>(text, where));
            return texts;
        } else if constexpr (std::unsigned_integral<T>) {
            if (value.is_number_unsigned() && value.get<std::uint64_t>() <= std::numeric_limits<T>::max())
                return value.get<T>();
            throw Error(Errc::InvalidArgument,
                where + " is not a number from 0 to " + std::to_string(std::numeric_limits<T>::max()));
        } else {
            static_assert(std::same_as<T, std::int64_t>);
            // A positive number is unsigned to the parser; it must fit all the same.
            const bool fits = !value.is_number_unsigned() || std::in_range<T>(value.get<std::uint64_t>());
            if (value.is_number_integer() && fits)
                return value.get<T>();
            throw Error(Errc::InvalidArgument, where + " is not a whole number of 64 bits");
        }
    }

  private:
    const nlohmann::json& object_;
    std::string where_;
    std::set<std::string> taken_;
};

} // namespace nsd
