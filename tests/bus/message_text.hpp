// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include <systemd/sd-bus.h>

namespace nsd::test {

// What a message says, for comparisons: strings and paths in quotes, arrays as [a, b], structs as
// (a, b), dictionary entries as key: value in the order of the keys, variants as what they hold,
// descriptors as "fd". Reads the message from its beginning.
[[nodiscard]] std::string textOf(sd_bus_message* message);

} // namespace nsd::test
