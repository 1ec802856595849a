// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/unit/unit_name.hpp"

#include "client/cli/arguments.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace nsd::client {
namespace {

struct UnitType {
    std::string_view suffix;
    const char* section; // null: it has no programs
};

// systemd.unit(5); systemd.exec(5) says which of them have programs.
constexpr std::array types{
    UnitType{"service", "Service"},
    UnitType{"socket", "Socket"},
    UnitType{"mount", "Mount"},
    UnitType{"swap", "Swap"},
    UnitType{"automount", nullptr},
    UnitType{"device", nullptr},
    UnitType{"path", nullptr},
    UnitType{"scope", nullptr},
    UnitType{"slice", nullptr},
    UnitType{"target", nullptr},
    UnitType{"timer", nullptr},
};

constexpr std::size_t mostBytes = 255; // systemd's UNIT_NAME_MAX

const UnitType* typeOf(std::string_view text) noexcept {
    const auto dot = text.rfind('.');
    const auto* found = std::find_if(types.begin(), types.end(), [&](const UnitType& type) {
        return dot != std::string_view::npos && text.substr(dot + 1) == type.suffix;
    });
    return found == types.end() ? nullptr : found;
}

bool isUnitCharacter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(":-_.\\@").find(c) != std::string_view::npos;
}

bool isValid(std::string_view name) {
    return name.size() <= mostBytes && name.front() != '@' && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), isUnitCharacter);
}

bool keepsNamespaces(std::string_view name) {
    return name == "nsd.service" || name == "nsd-keep.service" || name.substr(0, 4) == "nsd@";
}

} // namespace

UnitName parseUnitName(std::string_view text) {
    const auto* type = typeOf(text);
    const auto name = std::string(text) + (type == nullptr ? ".service" : "");
    if (!isValid(name))
        throw UsageError(quoted(text) + " is not the name of a unit");
    if (type == nullptr)
        type = types.data();
    if (type->section == nullptr)
        throw UsageError(
            quoted(text) + " runs no programs: only a service, socket, mount or swap joins a namespace");
    if (keepsNamespaces(name))
        throw UsageError(quoted(text) + " keeps the namespaces, and joins none");
    return {name, type->section};
}

} // namespace nsd::client
