// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace nsd::client {

// A unit of systemd whose programs or sockets can be put into namespaces.
struct UnitName {
    std::string name;    // "nginx.service", "getty@.service"
    const char* section; // of its file, where such settings stand: "Service"

    // "getty@.service", from which units are made, and which is none itself.
    [[nodiscard]] bool isTemplate() const noexcept { return name.find("@.") != std::string::npos; }
    // The only type of unit whose programs the administrator chooses.
    [[nodiscard]] bool isService() const noexcept { return std::string_view(section) == "Service"; }
};

// As systemctl takes it: ".service" is added where there is no type. Throws UsageError for what is no
// name of a unit, for types of units without programs (timer), and for the units that keep the
// namespaces themselves.
[[nodiscard]] UnitName parseUnitName(std::string_view text);

} // namespace nsd::client
