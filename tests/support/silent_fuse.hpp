// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"
#include "tests/support/temp_dir.hpp"

#include <string>

namespace nsd::test {

// A FUSE file system whose server has stopped to answer, mounted inside a mount namespace. Its last
// unmount waits for the server, in the kernel and unkillable, until release() or the end of this.
// It is of type fuseblk on a loop device: that kind is told FUSE_DESTROY and must answer.
class SilentFuse {
  public:
    // Mounts on /mnt in the namespace behind a pin and leaves the namespace again.
    explicit SilentFuse(const std::string& mountNamespaceFile);
    ~SilentFuse();
    SilentFuse(const SilentFuse&) = delete;
    SilentFuse& operator=(const SilentFuse&) = delete;

    // The server dies: whoever waits for it goes on.
    void release() { connection_.reset(); }

  private:
    TempDir directory_;
    std::string loopDevice_;
    UniqueFd connection_;
};

} // namespace nsd::test
