// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <systemd/sd-bus.h>
#include <vector>

namespace nsd::test {

struct MethodArgument {
    std::string signature;
    std::string name;
};

// A method as the running daemon describes it.
struct LiveMethod {
    std::string interface;
    std::string name;
    std::vector<MethodArgument> arguments; // that go in
};

// The methods of the object, of nsd's own interfaces and of the standard ones, by
// org.freedesktop.DBus.Introspectable. Throws std::runtime_error.
[[nodiscard]] std::vector<LiveMethod> introspectMethods(sd_bus* bus, const std::string& path);

} // namespace nsd::test
