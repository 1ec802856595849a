// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/call.hpp"

#include "dbus/compat.hpp"

#include <utility>

namespace nsd::bus {

Call currentCall(const sdbus::IObject& object, std::string_view method) {
    auto [sender, interactive] = dbus::currentCall(object);
    return {method, ruleOf(method), std::move(sender), interactive};
}

} // namespace nsd::bus
