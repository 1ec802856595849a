// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "config/conflist.hpp"
#include "config/json_field.hpp"

namespace nsd {

// The same for one that stands in a file as a value; problems are the field's, and without one the
// conflist is whole.
[[nodiscard]] Conflist readConflist(const JsonField& field);

} // namespace nsd
