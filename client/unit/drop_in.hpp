// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/unit/unit_name.hpp"
#include "common/namespace_type.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What is written into systemd's configuration so that a unit joins a namespace.
namespace nsd::client {

// The types that this version of systemd can put a unit's programs into by a path.
[[nodiscard]] NamespaceTypes typesJoinedBySystemd(unsigned version) noexcept;

// The first lines of each drop-in of nsctl's tell whose it is. Empty: somebody else wrote this.
[[nodiscard]] std::optional<std::string> namespaceOf(std::string_view dropIn);

// What joins the unit to the types of the namespace: type → path of its pin. It depends on the service
// that makes the namespace, and on no mount: pins come and go without systemd.
// `etc`: the path of the namespace's own /etc; empty: it has the host's.
[[nodiscard]] std::string dropInText(const std::string& name, const UnitName& unit,
    const std::map<NamespaceType, std::string>& pins, const std::string& etc);

// Lines for a service's file, to be put in by hand, by which its programs are started through nsctl.
// `commands`: those that it has now; empty: they are not known.
[[nodiscard]] std::string handWrittenText(
    const std::string& name, NamespaceTypes types, const std::vector<std::vector<std::string>>& commands);

// A word of a command line as systemd.service(5) reads it back.
[[nodiscard]] std::string quotedForUnit(const std::string& word);

} // namespace nsd::client
