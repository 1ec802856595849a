// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/holder.hpp"
#include "daemon/worker/proc_fs.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <sys/types.h>
#include <tuple>
#include <vector>

namespace nsd::worker {

// The rows of an answer about holders. There are never more of them than can be sent and read: what one
// process does many times is one row, and what is beyond the limits is counted alone, for each user apart,
// since each is shown his own.
class HolderRows {
  public:
    explicit HolderRows(const ProcFs& proc) : proc_(proc) {}

    // A row of its own. Without a process (0) it is shown to `uid`, or to root alone.
    static constexpr std::uint32_t rootAlone = 0xffffffff;
    void add(const std::string& kind, pid_t pid, const std::string& type, const std::string& detail,
        std::uint32_t uid = rootAlone);
    // One more reason of the same kind: "fd 3, fd 7 and 120 more".
    void gather(const std::string& kind, pid_t pid, const std::string& type, const std::string& reason);

    [[nodiscard]] std::vector<Holder> take();

  private:
    using Key = std::tuple<std::string, pid_t, std::string>;
    static constexpr std::size_t dropped = SIZE_MAX;
    std::size_t append(const std::string& kind, pid_t pid, const std::string& type, std::uint32_t uid);

    const ProcFs& proc_;
    std::vector<Holder> rows_;
    std::map<Key, std::size_t> gathered_;         // where in rows_; or `dropped`
    std::map<std::size_t, std::size_t> reasons_;  // of a gathered row
    std::map<std::uint32_t, std::size_t> ofUser_; // rows
    std::map<std::uint32_t, std::size_t> unlisted_;
};

} // namespace nsd::worker
