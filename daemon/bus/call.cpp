// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/call.hpp"

#include "dbus/compat.hpp"

#include <utility>

namespace nsd::bus {

Call Call::as(std::string_view row) const {
    auto other = *this;
    other.rule = ruleOf(row);
    return other;
}

Call Call::making(const CreateRequest& request) const {
    auto other = *this;
    other.name = request.name.str();
    other.types = toWords(request.spec.types);
    return other;
}

Call Call::onThatOf(uid_t user) const {
    auto other = *this;
    other.owner = user;
    return other;
}

Call currentCall(const sdbus::IObject& object, std::string_view method) {
    auto [sender, interactive] = dbus::currentCall(object);
    return {method, ruleOf(method), std::move(sender), interactive};
}

} // namespace nsd::bus
