// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sdbus-c++/sdbus-c++.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

// The C++ types that the generated adaptors have for the signatures of the interface.
namespace nsd::bus {

using OptionMap = std::map<std::string, sdbus::Variant>; // a{sv}
using OptionMaps = std::vector<OptionMap>;               // aa{sv}
using Words = std::vector<std::string>;                  // as
using TextMap = std::map<std::string, std::string>;      // a{ss}
using FdMap = std::map<std::string, sdbus::UnixFd>;      // a{sh}
using WireIdRange = sdbus::Struct<std::uint32_t, std::uint32_t, std::uint32_t>;
using WireGrant = sdbus::Struct<std::string, std::uint32_t, Words>;
// name, path, uuid, types, owner, state, origin, created, more
using ListRow = sdbus::Struct<std::string, sdbus::ObjectPath, std::string, Words, std::uint32_t, std::string,
    std::string, std::uint64_t, OptionMap>;
// name, line, JSON pointer, text
using WireProblem = sdbus::Struct<std::string, std::uint32_t, std::string, std::string>;
// process, namespace, pid, state
using ProcessRow = sdbus::Struct<sdbus::ObjectPath, sdbus::ObjectPath, std::uint32_t, std::string>;

} // namespace nsd::bus
