// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <stdexcept>

namespace nsd::bench {

// The user wants an end (SIGINT, SIGTERM, SIGHUP). It comes as an exception, so that everything that
// was made for the measurement goes on the way out: ten thousand pins are no leftover.
class Interrupted : public std::runtime_error {
  public:
    Interrupted() : std::runtime_error("interrupted") {}
};

void catchInterruptions();
// To be asked before each step that takes time.
void throwIfInterrupted();

} // namespace nsd::bench
