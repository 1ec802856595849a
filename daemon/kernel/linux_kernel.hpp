// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "daemon/core/kernel.hpp"
#include "daemon/core/links.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace nsd {

class WorkerPool;

struct KernelOptions {
    std::string runtimeDirectory;                         // as RuntimeDirectory made it
    std::string helperDirectory;                          // where nsd-worker and nsd-init are
    std::size_t workers = 1;                              // that make namespaces at the same time
    std::chrono::microseconds workerDeadline{10'000'000}; // for one request
    std::string keepUnitGroup{}; // control group of nsd-keep.service; empty: systemd does not run us
};

// The Kernel port on the running Linux: joins the parts of daemon/kernel, each in a file of its own,
// and owns the workers. What waits for an answer when this goes gets none. SIGPIPE has to be blocked or
// ignored, as EventLoop does.
class LinuxKernel final : public Kernel {
  public:
    LinuxKernel(Loop& loop, Log& log, const KernelOptions& options);
    ~LinuxKernel() override;

    [[nodiscard]] NamespaceTypes supportedTypes() const override;
    [[nodiscard]] NamespaceOwnership ownershipOf(int nsFd) const override;
    void make(const Uuid& uuid, const NamespaceSpec& spec, unsigned attempt,
        Completion<MadeNamespaces> done) override;
    void settleInit(MadeNamespaces& made) override;
    void bindPin(int nsFd, int directory, const std::string& leaf) override;
    bool removePin(int directory, const std::string& leaf) override;
    void retire(std::map<NamespaceType, UniqueFd> fds, std::chrono::microseconds patience,
        Completion<std::map<NamespaceType, Released>> done) override;
    void findHolders(HolderQuery query, UniqueFd net, Completion<std::vector<Holder>> done) override;
    void countMembers(const std::vector<std::vector<NamespaceIdentity>>& groups,
        Completion<std::vector<std::uint32_t>> done) override;
    void killMembers(const std::vector<NamespaceIdentity>& namespaces, const std::vector<pid_t>& spared,
        std::chrono::microseconds patience, Completion<std::vector<Holder>> done) override;
    [[nodiscard]] std::optional<InitProcess> findInit(int pidNsFd, pid_t hint) override;
    void searchInit(int pidNsFd, Completion<std::optional<InitProcess>> done) override;
    void endInit(const InitProcess& init) override;
    void lingerInit(const InitProcess& init) override;
    void removeControlGroup(const std::string& controlGroup) override;
    void sweepControlGroups(const std::vector<std::string>& wanted) override;
    [[nodiscard]] ProcessNamespaces namespacesOfProcess(int pidfd) override;
    void openSocket(
        UniqueFd netFd, const SocketSpec& socket, const UserIds& ids, Completion<UniqueFd> done) override;
    void lookUpUser(uid_t uid, Completion<UserEntry> done) override;
    void lookUpAccounts(const AccountNames& names, Completion<AccountIds> done) override;
    [[nodiscard]] bool usersMayMakeUserNamespaces() const override;

    // Links are the work of the same workers; this port's to use for as long as it lives.
    [[nodiscard]] Links& links() noexcept;

    // That run now, and those among them that the kernel does not let go.
    struct Workers {
        std::size_t running;
        std::size_t stuck;
    };
    [[nodiscard]] Workers workers() const;
    // For other ports, which are gone before this.
    [[nodiscard]] WorkerPool& pool();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace nsd
