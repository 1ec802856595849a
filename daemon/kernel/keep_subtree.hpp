// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "common/unique_fd.hpp"
#include "common/uuid.hpp"
#include "daemon/kernel/keep_group.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nsd {

// The control groups that must outlive the daemon, one for each namespace with type cgroup or pid: in the
// group of nsd-keep.service where systemd runs that unit beside the daemon's, else in a group of nsd's own
// below the cgroup2 mount. Those that a daemon before this one made elsewhere are removed there.
class KeepSubtree {
  public:
    struct Options {
        std::string initProgram;
        std::string runtimeDirectory;
        std::string unitGroup{}; // path of nsd-keep.service's below the mount; empty: there is none
    };
    KeepSubtree(Loop& loop, Log& log, Options options);

    // Whether this machine has control groups to make; without, the others may not be called.
    [[nodiscard]] bool usable() const noexcept { return root_.has_value(); }

    struct Group {
        std::string path; // below the cgroup2 mount: "/nsd-keep/<uuid>"
        UniqueFd directory;
    };
    // Makes the group of a namespace. One that is still to be removed is taken back. Throws Error.
    [[nodiscard]] Group create(const Uuid& uuid);
    // Removes it now, or when the last process has left it.
    void remove(const std::string& path);
    // Removes all that are not wanted.
    void sweep(const std::vector<std::string>& wanted);
    // The process that keeps nsd's own group; 0 where there is none.
    [[nodiscard]] pid_t holder() const noexcept;

  private:
    [[nodiscard]] std::unique_ptr<KeepGroup> makeGroup(std::string path, KeepGroup::Whose whose);
    [[nodiscard]] KeepGroup* groupAt(std::string_view path);

    Loop& loop_;
    Log& log_;
    Options options_;
    std::optional<UniqueFd> root_; // the cgroup2 file system
    std::unique_ptr<KeepGroup> own_;
    std::unique_ptr<KeepGroup> units_; // null where systemd does not run us, or not since our last start
};

// "nsd-keep"; for other runtime directories than /run/nsd, which may be used at the same time, with a
// number of their own.
[[nodiscard]] std::string keepSubtreeName(const std::string& runtimeDirectory);

// The path of nsd-keep.service's control group, for a process in that of nsd.service by /proc/self/cgroup's
// text: both are in one slice. Empty for every other process.
[[nodiscard]] std::string keepUnitGroup(std::string_view ownControlGroups);

} // namespace nsd
