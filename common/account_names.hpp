// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace nsd {

// Users and groups by name, to be asked of the host.
struct AccountNames {
    std::set<std::string> users{};
    std::set<std::string> groups{};
    [[nodiscard]] bool empty() const noexcept { return users.empty() && groups.empty(); }
};

// Their numbers; who is not there does not exist.
struct AccountIds {
    std::map<std::string, std::uint32_t> users{};
    std::map<std::string, std::uint32_t> groups{};
    friend bool operator==(const AccountIds&, const AccountIds&) = default;
};

} // namespace nsd
