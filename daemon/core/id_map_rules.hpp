// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_spec.hpp"

#include <string_view>
#include <vector>

namespace nsd {

// What the kernel asks of a uid_map or gid_map (user_namespaces(7)), said beforehand and with the
// line that is wrong, where the kernel has EINVAL alone: at most 340 lines that fit into one page,
// counts of 1 and more, no id above 4294967294, no overlap inside or outside. `option` is the name
// of the map in the message. Throws Error{InvalidArgument}.
void validateIdMap(std::string_view option, const std::vector<IdRange>& map);

} // namespace nsd
