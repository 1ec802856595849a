// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <string>
#include <vector>

namespace nsd::worker {

// move_mount(2) of what is attached nowhere. False, with errno, where that fails.
[[nodiscard]] bool attachMount(int mount, const std::string& path);

// What is mounted below a directory of this process's mount namespace, taken along as copies that are
// attached nowhere: cgroup2, bpf, debugfs and tracefs below /sys. So the directory itself can be mounted
// anew.
class Submounts {
  public:
    // Copies each mount that lies straight below what is mounted on the directory, or below the directory
    // itself, with all that lies below it. Unbindable ones stay behind.
    explicit Submounts(std::string directory);

    // Attaches each where it was, unless there is no such place any more, or it `isReplaced`, by its path
    // relative to the directory and a descriptor of what is mounted.
    template <class Predicate>
    void attach(const Predicate& isReplaced) const {
        for (const auto& mount : mounts_)
            if (!isReplaced(mount.target.substr(directory_.size() + 1), mount.copy.get()))
                attachOne(mount);
    }

  private:
    struct Mount {
        std::string target;
        UniqueFd copy;
    };
    static void attachOne(const Mount& mount);

    std::string directory_;
    std::vector<Mount> mounts_;
};

} // namespace nsd::worker
