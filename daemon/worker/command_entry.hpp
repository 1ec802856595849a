// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/protocol/supervisor_messages.hpp"
#include "daemon/worker/child_process.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>

namespace nsd::worker {

// All descriptors that a command is started with, opened outside.
struct CommandFds {
    std::map<NamespaceType, UniqueFd> namespaces;
    std::array<UniqueFd, 3> stdio; // all valid
    UniqueFd controlGroup;         // cgroup.procs; invalid: stay
    UniqueFd view;                 // joined where mnt is not; invalid: the host's mounts stay
};

// What the entering process tells its supervisor.
constexpr const char* joinedUser = "joined"; // asks for its ids; see encodeIds
constexpr const char* startedWord = "pid ";  // and the pid of the command

// The uid and gid inside of the user namespace that the process has joined, as the supervisor answers.
[[nodiscard]] std::string encodeIds(uid_t uid, gid_t gid);

// The way of a command into its namespaces, in a child of the supervisor: it joins them, then makes the
// command as a sibling (the supervisor's child), since setns(2) on a pid namespace counts for children
// alone. Undumpable from the first join on: somebody with privileges inside could trace it.
class CommandEntry {
  public:
    // Everything must outlive this.
    CommandEntry(
        const protocol::SuperviseRequest& request, const CommandFds& fds, const ParentChannel& supervisor)
        : request_(request), command_(request.command), fds_(fds), supervisor_(supervisor) {}

    // Returns in the process that joined, when it is no longer needed; not at all in the command.
    // Throws Error that names the step, in either.
    void run();

  private:
    void prepareMounts() const;
    void join();
    static void joinOne(int fd, NamespaceType type);
    void askForIds();
    // The rest is done in the command's own process.
    [[noreturn]] void become();
    void mountProc() const;
    void takeStdio() const;
    void takeIds() const;
    void giveUpPrivileges() const;
    [[noreturn]] void execute();

    [[nodiscard]] bool joins(NamespaceType type) const { return request_.types.contains(type); }
    // pid without mnt: /proc would show the processes outside.
    [[nodiscard]] bool hasPrivateProc() const {
        return joins(NamespaceType::Pid) && !joins(NamespaceType::Mnt);
    }

    const protocol::SuperviseRequest& request_;
    const CommandSpec& command_;
    const CommandFds& fds_;
    const ParentChannel& supervisor_;
    std::optional<std::pair<uid_t, gid_t>> inside_; // where user is joined
};

} // namespace nsd::worker
