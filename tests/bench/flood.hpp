// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <sys/types.h>

namespace nsd::bench {

// A user who calls and never reads: a hundred connections, from each of which Enter, OpenSocket and Hold
// on a namespace come over and over, in all a thousand calls a second. A process of its own, which ends
// with this.
class Flood {
  public:
    Flood(const std::string& address, uid_t user, const std::string& name);
    ~Flood();
    Flood(const Flood&) = delete;
    Flood& operator=(const Flood&) = delete;

    // Whether it still calls; it ends where it is thrown off the bus.
    [[nodiscard]] bool runs() const;

  private:
    pid_t process_;
};

} // namespace nsd::bench
