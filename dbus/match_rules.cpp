// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dbus/match_rules.hpp"

#include "dbus/names.hpp"

namespace nsd::dbus {

std::string vanishedNamesRule() {
    // arg2 is the new owner.
    return std::string("type='signal',sender='") + busName + "',path='" + busPath + "',interface='" +
           busName + "',member='NameOwnerChanged',arg2=''";
}

} // namespace nsd::dbus
