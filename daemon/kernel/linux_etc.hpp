// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/etc_maker.hpp"
#include "daemon/kernel/worker_pool.hpp"

#include <chrono>
#include <string>

namespace nsd {

// The EtcMaker port: a worker reads files and makes the file system, the daemon mounts it among the pins. The
// pool must outlive this.
class LinuxEtc final : public EtcMaker {
  public:
    LinuxEtc(WorkerPool& pool, std::string runtimeDirectory, std::chrono::microseconds deadline)
        : pool_(pool), runtimeDirectory_(std::move(runtimeDirectory)), deadline_(deadline) {}

    void readDirectory(UniqueFd directory, const UserIds& caller, Completion<EtcFiles> done) override;
    [[nodiscard]] bool isNetnsKnown(const Name& name) const override;
    void make(
        const Name& name, const EtcFiles& defaults, const EtcFiles& own, Completion<MadeEtc> done) override;
    void mount(const MadeEtc& etc, int directory) override;
    void remove(int directory) override;
    [[nodiscard]] UniqueFd copy(int directory) override;
    void refresh(int directory) override;

  private:
    WorkerPool& pool_;
    std::string runtimeDirectory_;
    std::chrono::microseconds deadline_;
};

} // namespace nsd
