// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"

namespace nsd {

// The answer of a call that found its namespace when it came, and finds it no more behind something that
// took its time.
[[nodiscard]] inline Error wentAway() {
    return {Errc::NoSuchNamespace, "the namespace went away while this call was under way"};
}

} // namespace nsd
