// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <cstddef>
#include <vector>

namespace nsd::client {

// A pipe as a buffer in the kernel, for splice(2).
struct Pipe {
    UniqueFd in;
    UniqueFd out;
    std::size_t capacity = 0;
};

// Empty pipes that were made once. A connection has one for as long as data wait in it, so that one which is
// idle costs no pipe: the kernel counts a user's pages in pipes.
class PipePool {
  public:
    // Throws Error.
    [[nodiscard]] Pipe take();
    // Only an empty one.
    void giveBack(Pipe pipe);

  private:
    std::vector<Pipe> free_;
};

} // namespace nsd::client
