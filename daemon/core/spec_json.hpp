// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_spec.hpp"

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace nsd {

// The options of a namespace as its meta file has them, under the names that Manager.Create has;
// what was not asked for is missing. Types and owner are not among them.
[[nodiscard]] nlohmann::json optionsToJson(const NamespaceSpec& spec);
// Fills the options in. Throws Error{InvalidArgument} for anything that optionsToJson does not write.
void optionsFromJson(const nlohmann::json& object, NamespaceSpec& spec);

// An object whose values are all texts. Throws Error{InvalidArgument}.
[[nodiscard]] std::map<std::string, std::string> textsFromJson(
    const nlohmann::json& object, const std::string& where);

} // namespace nsd
