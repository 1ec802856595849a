// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "common/log.hpp"
#include "common/loop.hpp"
#include "common/unique_fd.hpp"
#include "common/uuid.hpp"
#include "daemon/kernel/keep_holder.hpp"

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nsd {

// The control groups that must outlive the daemon: "nsd-keep" below the cgroup2 mount, in it a group
// for each namespace with type cgroup or pid, named by its UUID, and a holder as long as there is one.
class KeepSubtree {
  public:
    KeepSubtree(Loop& loop, Log& log, std::string initProgram, const std::string& runtimeDirectory);

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
    [[nodiscard]] pid_t holder() const noexcept { return holder_.pid(); }

  private:
    struct Removal {
        UniqueFd events;
        Loop::SourcePtr source;
    };
    void removeGroup(const std::string& uuid);
    // False while processes are in it.
    [[nodiscard]] bool tryRemove(const std::string& uuid);
    void removeWhenEmpty(const std::string& uuid);
    void onEvents(const std::string& uuid);
    void endIfEmpty();
    void removeSelf();
    // For want of descriptors, as a rule. `uuid`: empty for the subtree itself.
    void tryLater(const std::string& uuid, const Error& error);
    void tryAgain();
    [[nodiscard]] Removal watchEvents(int group, std::function<void()> changed);
    // From within its own handler.
    void dropLater(Removal removal);

    Loop& loop_;
    Log& log_;
    std::string name_;
    std::optional<UniqueFd> root_; // the cgroup2 file system
    UniqueFd self_;                // the subtree; invalid while there is none
    KeepHolder holder_;
    std::map<std::string, Removal> removals_; // by UUID
    std::optional<Removal> ownRemoval_;
    std::set<std::string> undone_; // UUIDs of removals that failed; see tryLater
    Loop::SourcePtr retry_;
};

// "nsd-keep"; for other runtime directories than /run/nsd, which may be used at the same time, with a
// number of their own.
[[nodiscard]] std::string keepSubtreeName(const std::string& runtimeDirectory);

} // namespace nsd
