// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/private_bus_config.hpp"

#include "dbus/bus_policy.hpp"

namespace nsd {
namespace {

constexpr std::string_view head =
    R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-BUS Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <auth>EXTERNAL</auth>
  <listen>)";

// Root is not one user among many here, but most callers: the limit for one user is that for all.
constexpr std::string_view base = R"(</listen>
  <limit name="max_connections_per_user">2048</limit>

  <policy context="default">
    <allow user="*"/>
    <deny own="*"/>
    <deny send_type="method_call"/>
    <deny send_type="signal"/>
    <allow send_requested_reply="true" send_type="method_return"/>
    <allow send_requested_reply="true" send_type="error"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus"/>
    <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus.Introspectable"/>
    <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus.Properties"/>
    <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus.Peer"/>
    <deny send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus"
          send_member="UpdateActivationEnvironment"/>
  </policy>
  <policy user="root">
    <allow send_type="signal"/>
    <allow send_destination="org.freedesktop.DBus" send_interface="org.freedesktop.DBus.Monitoring"/>
  </policy>
)";

constexpr std::string_view tail = "</busconfig>\n";

bool isPlainInAddress(char c) noexcept {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           std::string_view("-_/.").find(c) != std::string_view::npos;
}

} // namespace

std::string unixAddress(std::string_view path) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string address = "unix:path=";
    for (const char c : path) {
        if (isPlainInAddress(c)) {
            address += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        address += '%';
        address += digits[byte >> 4U];
        address += digits[byte & 0xfU];
    }
    return address;
}

std::string privateBusConfig(std::string_view address) {
    std::string config(head);
    config += address; // its escapes leave nothing that XML would take for markup
    config += base;
    config += dbus::busPolicy();
    config += tail;
    return config;
}

} // namespace nsd
