// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "common/unique_fd.hpp"

#include <functional>
#include <string>

namespace nsd {

// Tells when a file comes to be in the host's /etc, goes, or is replaced: what a namespace's own /etc has to
// be told (EtcMaker::refresh). What happens in a moment is told once.
class EtcWatch {
  public:
    // Throws Error where the kernel gives no inotify(7).
    EtcWatch(Loop& loop, const std::string& directory, std::function<void()> changed);

  private:
    void onEvents();

    Loop& loop_;
    std::function<void()> changed_;
    UniqueFd events_;
    Loop::SourcePtr heard_;
    Loop::SourcePtr soon_; // while there is something to tell
};

} // namespace nsd
