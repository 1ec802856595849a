// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "config/definition.hpp"
#include "config/problem.hpp"

#include <string>
#include <vector>

// Definitions as texts, for whoever writes them into files himself.
namespace nsd {

// What the administrator's file of it would say.
[[nodiscard]] std::string definitionText(Definition definition);

struct CheckedDefinition {
    std::string normal{}; // as definitionText() has it; empty where there is a problem
    std::vector<Problem> problems{};
};

// A file NAME.json of the administrator's that is not written yet, by all rules but those that need to know
// who its users and groups are.
[[nodiscard]] CheckedDefinition checkDefinition(const std::string& name, const std::string& text);

} // namespace nsd
