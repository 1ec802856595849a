// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/core/kernel.hpp"
#include "daemon/kernel/keep_subtree.hpp"
#include "daemon/kernel/worker_pool.hpp"

#include <chrono>
#include <string>

namespace nsd {

// The making of namespaces: a control group where one is needed, the request to a worker, and its
// answer, of which nothing is believed that was not looked at.
class Making {
  public:
    Making(Loop& loop, WorkerPool& pool, KeepSubtree& keep, std::chrono::microseconds deadline)
        : loop_(loop), pool_(pool), keep_(keep), deadline_(deadline) {}

    // See Kernel::make.
    void make(const Uuid& uuid, const NamespaceSpec& spec, unsigned attempt, Completion<MadeNamespaces> done);

  private:
    void ask(const Uuid& uuid, const NamespaceSpec& spec, unsigned attempt, Completion<MadeNamespaces> done);

    Loop& loop_;
    WorkerPool& pool_;
    KeepSubtree& keep_;
    std::chrono::microseconds deadline_;
};

} // namespace nsd
