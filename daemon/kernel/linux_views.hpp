// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/view_maker.hpp"
#include "daemon/kernel/worker_pool.hpp"

#include <chrono>
#include <string>

namespace nsd {

// The ViewMaker port: a worker makes them. The pool must outlive this.
class LinuxViews final : public ViewMaker {
  public:
    LinuxViews(WorkerPool& pool, std::string runtimeDirectory, std::chrono::microseconds deadline);

    [[nodiscard]] NamespaceIdentity hostMounts() const override { return hostMounts_; }
    void makeView(ViewOrder order, Completion<UniqueFd> done) override;

  private:
    WorkerPool& pool_;
    std::string runtimeDirectory_;
    std::chrono::microseconds deadline_;
    NamespaceIdentity hostMounts_;
};

} // namespace nsd
