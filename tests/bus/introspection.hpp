// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

namespace nsd::test {

// What an introspection document says of interfaces, as far as it is a contract: of each interface
// its members ("method Get", "property Name", "signal NamespaceNew") with what they take and give:
// "in s name, out o namespace", "read s". Annotations and comments are left out.
using Members = std::map<std::string, std::string>;
using Interfaces = std::map<std::string, Members>;

// Reads the subset of XML that such documents are written in. Throws std::runtime_error.
[[nodiscard]] Interfaces readIntrospection(const std::string& xml);

} // namespace nsd::test
