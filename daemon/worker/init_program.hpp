// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <sys/types.h>

namespace nsd::worker {

// The program nsd-init, which lies beside this one. Opened once, by root: the path may be closed to
// the owner of a user namespace, as whom it is started.
class InitProgram {
  public:
    InitProgram();

    // Starts it as the first child of a maker that has unshared pid; returns its pid, as the maker
    // sees it, once it hears signals. The maker keeps `leash`, too.
    [[nodiscard]] pid_t start(int leash) const;

  private:
    UniqueFd program_;
};

} // namespace nsd::worker
