// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "config/definition.hpp"
#include "config/problem.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace nsd {

// What the text of one file gave, and all problems at once, each with its line.
struct DefinitionReading {
    Definition definition;
    std::vector<Problem> problems;
};

// Keys are those of Manager.Create's options that can be declared, "types" (not given: net) and "grants";
// a file of the state directory has "uuid", too. Comments are allowed.
[[nodiscard]] DefinitionReading readDefinition(std::string_view json, Name name, Definition::Place place);

// Every key that the reader knows: for the schema and its test.
[[nodiscard]] std::vector<std::string_view> definitionKeys();

// The text that readDefinition() makes the same definition of; comments aside.
[[nodiscard]] std::string writeDefinition(const Definition& definition);

} // namespace nsd
