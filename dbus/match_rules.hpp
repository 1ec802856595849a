// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace nsd::dbus {

// The bus's own signal NameOwnerChanged, only for names that nobody has any more: its first argument
// is the name.
[[nodiscard]] std::string vanishedNamesRule();

} // namespace nsd::dbus
