// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

// Every well-known name that nsd answers to or asks for, in one place.
namespace nsd::dbus {

constexpr auto serviceName = "org.nsd1";
constexpr auto managerPath = "/org/nsd1";
constexpr auto namespacePathPrefix = "/org/nsd1/namespace/"; // and the UUID
constexpr auto processPathPrefix = "/org/nsd1/process/";     // and its number
constexpr auto managerInterface = "org.nsd1.Manager";
constexpr auto namespaceInterface = "org.nsd1.Namespace";
constexpr auto processInterface = "org.nsd1.Process";
constexpr auto errorPrefix = "org.nsd1.Error.";

constexpr auto logControlPath = "/org/freedesktop/LogControl1";
constexpr auto logControlInterface = "org.freedesktop.LogControl1";

constexpr auto busName = "org.freedesktop.DBus"; // the bus itself: service and interface
constexpr auto busPath = "/org/freedesktop/DBus";
constexpr auto propertiesInterface = "org.freedesktop.DBus.Properties";
constexpr auto busErrorPrefix = "org.freedesktop.DBus.Error.";

constexpr auto systemdName = "org.freedesktop.systemd1";
constexpr auto systemdPath = "/org/freedesktop/systemd1";
constexpr auto systemdManagerInterface = "org.freedesktop.systemd1.Manager";

constexpr auto polkitService = "org.freedesktop.PolicyKit1";
constexpr auto polkitPath = "/org/freedesktop/PolicyKit1/Authority";
constexpr auto polkitInterface = "org.freedesktop.PolicyKit1.Authority";

} // namespace nsd::dbus
