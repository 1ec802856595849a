// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nsd::test {

// /proc/PID/mountinfo, read for tests; see proc_pid_mountinfo(5).
struct Mount {
    std::string point;
    std::string root; // "net:[4026531840]" for a pin
    std::string fsType;
    std::string options;  // of this mount
    std::string optional; // "shared:1 master:2", or empty for a private mount
};

class MountTable {
  public:
    // `process`: a pid or "self". Throws where it is gone.
    [[nodiscard]] static MountTable read(std::string_view process);

    // In the order of the table: a mount stands behind the one that it is mounted on.
    [[nodiscard]] const std::vector<Mount>& all() const& noexcept { return mounts_; }
    [[nodiscard]] std::vector<Mount> all() && { return std::move(mounts_); }
    [[nodiscard]] std::vector<Mount> below(const std::filesystem::path& path) const;
    [[nodiscard]] std::vector<Mount> ofType(std::string_view fsType) const;

  private:
    std::vector<Mount> mounts_;
};

} // namespace nsd::test
