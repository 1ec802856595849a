// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <variant>
#include <vector>

// What a verb has to say, before anybody knows whether a person or a program reads it: table,
// details and JSON are all made from this, so they cannot tell different stories.
namespace nsd::client {

struct Record;

// nullptr: nobody knows, or it has none.
using Value =
    std::variant<std::string, std::uint64_t, std::vector<std::string>, std::map<std::string, std::string>,
        std::map<std::string, std::uint64_t>, std::vector<Record>, std::nullptr_t>;

struct Field {
    std::string key;     // in JSON; never changes
    std::string heading; // for people; empty: in JSON alone
    Value value;
    std::string text = {}; // for people, where the value itself says little ("root" for 0)
    bool alarming = false; // red, where there are colours
    bool isNumber = false; // to the right, also one with a text
};

struct Record {
    std::vector<Field> fields;
};

// As people read a value: lists with commas, maps as k=v.
[[nodiscard]] std::string textOf(const Field& field);
// The same with one line for each entry of a map; at least one.
[[nodiscard]] std::vector<std::string> linesOf(const Field& field);

// µs since the epoch as local time, to the second: "2025-11-22 01:03:04".
[[nodiscard]] std::string timeText(std::uint64_t microseconds);

} // namespace nsd::client
