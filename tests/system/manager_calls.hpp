// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace nsd::test {

// Methods of org.nsd1.Manager as any client calls them, without nsctl: each on a connection of its own
// to the bus at `address`.

// Enter: type → descriptor. Throws with the name and the text of the D-Bus error.
[[nodiscard]] std::map<std::string, UniqueFd> enterOverBus(
    const std::string& address, const std::string& name, const std::vector<std::string>& types);
// Hold: the lease. Throws likewise.
[[nodiscard]] UniqueFd holdOverBus(const std::string& address, const std::string& name);
struct BusError {
    std::string name; // of the D-Bus error; empty: there was none
    std::string text;
};
// Hold; a lease that was given is closed at once.
[[nodiscard]] BusError errorOfHold(const std::string& address, const std::string& name);
// Create.
[[nodiscard]] BusError errorOfCreate(
    const std::string& address, const std::string& name, const std::vector<std::string>& types);
// Destroy, which waits for the kernel.
[[nodiscard]] BusError errorOfDestroy(const std::string& address, const std::string& name);

// Calls Create (of uts and net) or Destroy, and leaves the bus after this time, whatever there is by then.
void callAndVanish(const std::string& address, const char* method, const std::string& name,
    std::chrono::microseconds patience);

} // namespace nsd::test
