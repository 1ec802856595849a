// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dbus/vanished_names.hpp"

#include "dbus/compat.hpp"
#include "dbus/names.hpp"

#include <utility>

namespace nsd::dbus {

sdbus::Slot onVanished(
    sdbus::IConnection& connection, std::function<void(const std::string& name)> vanished) {
    // arg2 is the new owner.
    const auto rule = std::string("type='signal',sender='") + busName + "',path='" + busPath +
                      "',interface='" + busName + "',member='NameOwnerChanged',arg2=''";
    return addMatch(connection, rule, [vanished = std::move(vanished)](sdbus::Message& message) {
        std::string name;
        try {
            message >> name;
        } catch (const sdbus::Error&) { // not the signal's signature
            return;
        }
        vanished(name);
    });
}

} // namespace nsd::dbus
