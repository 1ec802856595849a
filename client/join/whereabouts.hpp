// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <string>

namespace nsd::client {

// Root and working directory of nsctl, both of which setns(2) on a mount namespace resets. Made before.
class Whereabouts {
  public:
    // Throws Error.
    Whereabouts();

    // In a view, a copy of the mounts of before: nsctl's own root again, if that was another one (chroot(2)),
    // with the mounts that it sees there.
    void keepRoot() const;
    // In a view: the same directory. By its path, so that it lies among the mounts of the view; one that is
    // not found there is kept as it is.
    void keepDirectory() const;
    // Among mounts of the namespace's own: what lies there under its path, else "/".
    void findDirectory() const;

  private:
    UniqueFd root_;
    UniqueFd directory_; // invalid: nsctl may not look at it
    std::string path_;   // empty: it has none
};

} // namespace nsd::client
