// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/nsfs.hpp"
#include "daemon/worker/proc_fs.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace nsd::worker {

// The namespaces that a request asks about, and whether links of /proc lead to one of them. Looks
// each other namespace up once and remembers it, so it serves one scan and is thrown away.
class NamespaceTargets {
  public:
    NamespaceTargets(const ProcFs& proc, std::vector<NamespaceIdentity> targets);

    [[nodiscard]] const NamespaceIdentity& at(std::size_t index) const { return targets_.at(index); }
    [[nodiscard]] NamespaceTypes types() const noexcept { return types_; }

    using Matches = std::set<std::size_t>; // indexes of targets

    // The targets that the link is: "17/ns/net". A namespace may be asked about more than once.
    [[nodiscard]] Matches matchLink(const std::string& link, NamespaceType type);
    // The same for an open one.
    [[nodiscard]] Matches matchOpen(int fd, NamespaceType type) const;
    // The same by number, where only that is known (mountinfo, fdinfo, the text of a link).
    [[nodiscard]] Matches matchInode(NamespaceType type, std::uint64_t inode) const;
    // The targets that the link's namespace lies below: a pid or user namespace made inside, or one
    // of any type that is owned by a user namespace inside. It keeps them alive.
    [[nodiscard]] Matches matchAncestors(const std::string& link, NamespaceType type);
    // Why the link's namespace keeps targets alive, as the end of a sentence about it: "lies below it",
    // "belongs to it".
    using Relations = std::map<std::size_t, std::string>;
    [[nodiscard]] Relations relationsOf(const std::string& link, NamespaceType type);
    // Whether any namespace can: for user and pid alone.
    [[nodiscard]] bool haveNamespacesBelow() const noexcept;
    // Where this process lives: its links and those of its threads, and for pid and user also the
    // namespaces below which it lives.
    [[nodiscard]] Matches homesOf(pid_t pid, bool threaded);

    // The inode of the link's namespace; empty where the process is gone.
    [[nodiscard]] std::optional<std::uint64_t> inodeOf(const std::string& link) const;

  private:
    [[nodiscard]] Matches confirmed(const Matches& candidates, int fd) const;
    enum class Way { Parents, Owners };
    [[nodiscard]] Matches climb(const std::string& link, NamespaceType type, Way way) const;
    using Key = std::pair<NamespaceType, std::uint64_t>;
    using Known = std::map<Key, Matches>;
    [[nodiscard]] Matches remembered(Known& known, const std::string& link, NamespaceType type, Way way);

    const ProcFs& proc_;
    std::vector<NamespaceIdentity> targets_;
    NamespaceTypes types_;
    Known byInode_;
    Known ancestors_; // remembered
    Known owners_;    // remembered
};

} // namespace nsd::worker
