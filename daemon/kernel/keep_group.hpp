// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "common/log.hpp"
#include "common/loop.hpp"
#include "common/unique_fd.hpp"
#include "common/uuid.hpp"
#include "daemon/kernel/keep_holder.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace nsd {

// A control group and in it one for each namespace, named by its UUID; whatever else is in it is left
// alone. Of nsd's own: it is there, with a holder, as long as it has a child. Of a unit: systemd makes it,
// keeps it and removes it.
class KeepGroup {
  public:
    enum class Whose { Ours, Units };

    // `root`: the cgroup2 file system, which must outlive this. `path`: below it, "/nsd-keep".
    KeepGroup(Loop& loop, Log& log, int root, std::string path, Whose whose, std::string initProgram);
    KeepGroup(const KeepGroup&) = delete;
    KeepGroup& operator=(const KeepGroup&) = delete;
    ~KeepGroup();

    // Whether it is there now. Of a unit's, this is what create() goes by.
    [[nodiscard]] bool exists();
    [[nodiscard]] const std::string& path() const noexcept { return path_; }

    // Makes the group of a namespace. One that is still to be removed is taken back. Throws Error.
    [[nodiscard]] UniqueFd create(const std::string& uuid);
    // Removes it now, or when the last process has left it.
    void remove(const std::string& uuid);
    // Removes all that are not wanted (paths below the mount).
    void sweep(const std::vector<std::string>& wanted);
    [[nodiscard]] pid_t holder() const noexcept { return holder_.pid(); }

  private:
    struct Removal {
        UniqueFd events;
        Loop::SourcePtr source;
    };
    // False while processes are in it.
    [[nodiscard]] bool tryRemove(const std::string& uuid);
    void removeWhenEmpty(const std::string& uuid);
    void onEvents(const std::string& uuidOfHandler);
    void endIfEmpty();
    void removeSelf();
    // For want of descriptors, as a rule. `uuid`: empty for the group itself.
    void tryLater(const std::string& uuid, const Error& error);
    void tryAgain();
    [[nodiscard]] Removal watchEvents(int group, std::function<void()> changed);
    // From within its own handler.
    void dropLater(Removal removal);

    Loop& loop_;
    Log& log_;
    int root_;
    std::string path_;
    Whose whose_;
    UniqueFd self_; // invalid while there is none
    KeepHolder holder_;
    std::map<std::string, Removal> removals_; // by UUID
    std::optional<Removal> ownRemoval_;
    std::set<std::string> undone_; // UUIDs of removals that failed; see tryLater
    std::chrono::seconds pause_;   // before the next try
    Loop::SourcePtr retry_;
};

} // namespace nsd
