// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace nsd {

// The directory that holds nsd-worker and nsd-init: nsd's own, as in the build tree and where they
// are installed, else libexec. Throws Error{KernelError} that names both where they are in neither.
[[nodiscard]] std::string findHelperDirectory();

// nsctl: beside nsd, as in the build tree, else where it is installed.
[[nodiscard]] std::string findNsctl();

} // namespace nsd
