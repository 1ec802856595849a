// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "common/nsfs.hpp"
#include "common/unique_fd.hpp"
#include "daemon/core/kernel.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <sys/types.h>
#include <vector>

namespace nsd {

// See Kernel for what these do.
[[nodiscard]] std::optional<InitProcess> findInit(int pidNsFd, pid_t hint);
// Whether the kernel says itself which process 1 a pid namespace has, or that there is none (Linux 6.11).
[[nodiscard]] bool kernelFindsInits(int pidNsFd);
void endInit(const InitProcess& init);
void settleInit(MadeNamespaces& made);

// The inits that were told to end with the last process of their namespaces. Each is told again, ever more
// seldom, until it has ended: of one signal at most one is pending, so that one which a member of the
// namespace sends, and which the init ignores, can take the place of ours.
class LingeringInits {
  public:
    explicit LingeringInits(Loop& loop) : loop_(loop) {}

    void add(const InitProcess& init);

  private:
    struct Init {
        UniqueFd pidfd;
        std::chrono::microseconds pause; // until it is told again
        Loop::SourcePtr death;
        Loop::SourcePtr repetition;
    };
    void tell(pid_t pid);
    void drop(pid_t pid);

    Loop& loop_;
    std::map<pid_t, Init> inits_;
};

// The inits that were made or found, by pid namespace: an init is not a member of its namespace, so
// whoever counts members must know it. Asked for one, it makes sure that the process still is it.
class KnownInits {
  public:
    void remember(const NamespaceIdentity& pidNamespace, pid_t init);
    // The living inits of those of the namespaces that are pid namespaces.
    [[nodiscard]] std::vector<pid_t> among(const std::vector<NamespaceIdentity>& namespaces);

  private:
    std::map<std::uint64_t, pid_t> inits_; // by inode; the device is always nsfs
};

} // namespace nsd
