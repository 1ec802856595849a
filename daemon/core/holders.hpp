// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/holder.hpp"
#include "common/outcome.hpp"
#include "daemon/core/core.hpp"
#include "daemon/core/namespace_record.hpp"

#include <vector>

namespace nsd {

// Every known reason why a published namespace lives: what a worker finds, and what only its record knows.
void findHolders(Core& core, const NamespaceRecord& record, Completion<std::vector<Holder>> done);

} // namespace nsd
