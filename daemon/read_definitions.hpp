// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "config/definition_files.hpp"
#include "daemon/core/declarations.hpp"
#include "daemon/directories.hpp"

namespace nsd {

// All definition files, with what the core finds wrong with them beside the reader.
[[nodiscard]] DefinitionFiles checkedDefinitionFiles(const Directories& directories);

// The definitions that hold. What is wrong with the rest is logged, each with its place.
[[nodiscard]] Definitions readDefinitions(const Directories& directories, Log& log);

} // namespace nsd
