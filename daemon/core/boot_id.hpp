// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace nsd {

// Which boot of the kernel this is: /proc/sys/kernel/random/boot_id. Kernel ids of another boot mean
// nothing. Throws Error{KernelError} where /proc is not there.
[[nodiscard]] std::string readBootId();

} // namespace nsd
