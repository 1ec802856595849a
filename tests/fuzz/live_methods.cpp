// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/fuzz/live_methods.hpp"

#include "tests/bus/introspection.hpp"

#include <sstream>
#include <stdexcept>

namespace nsd::test {
namespace {

// "in s name, in as types, out o namespace"
std::vector<MethodArgument> argumentsIn(const std::string& description) {
    std::vector<MethodArgument> arguments;
    std::istringstream parts(description);
    for (std::string part; std::getline(parts, part, ',');) {
        std::istringstream words(part);
        MethodArgument argument;
        std::string direction;
        words >> direction >> argument.signature >> argument.name;
        if (direction == "in")
            arguments.push_back(argument);
    }
    return arguments;
}

} // namespace

std::vector<LiveMethod> introspectMethods(sd_bus* bus, const std::string& path) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message* reply = nullptr;
    const int result = sd_bus_call_method(bus, "org.nsd1", path.c_str(),
        "org.freedesktop.DBus.Introspectable", "Introspect", &error, &reply, "");
    const char* xml = nullptr;
    if (result < 0 || sd_bus_message_read(reply, "s", &xml) < 0)
        throw std::runtime_error(
            "Introspect " + path + ": " + (error.message != nullptr ? error.message : ""));
    std::vector<LiveMethod> methods;
    const std::string prefix = "method ";
    for (const auto& [interface, members] : readIntrospection(xml))
        for (const auto& [member, description] : members)
            if (member.starts_with(prefix))
                methods.push_back({interface, member.substr(prefix.size()), argumentsIn(description)});
    sd_bus_error_free(&error);
    sd_bus_message_unref(reply);
    return methods;
}

} // namespace nsd::test
