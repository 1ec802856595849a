// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/linux_kernel.hpp"

#include "daemon/kernel/keep_subtree.hpp"
#include "daemon/kernel/last_references.hpp"
#include "daemon/kernel/loop_scope.hpp"
#include "daemon/kernel/making.hpp"
#include "daemon/kernel/namespace_ownership.hpp"
#include "daemon/kernel/pid_init.hpp"
#include "daemon/kernel/pins.hpp"
#include "daemon/kernel/process_facts.hpp"
#include "daemon/kernel/process_namespaces.hpp"
#include "daemon/kernel/retirement.hpp"
#include "daemon/kernel/supported_types.hpp"
#include "daemon/kernel/user_namespace_policy.hpp"
#include "daemon/kernel/worker_answer.hpp"
#include "daemon/kernel/worker_links.hpp"
#include "daemon/kernel/worker_pool.hpp"

#include <memory>
#include <unistd.h>
#include <utility>

namespace nsd {

class LinuxKernel::Impl {
  public:
    Impl(Loop& loop, Log& log, const KernelOptions& options)
        : loop_(loop),
          deadline_(options.workerDeadline),
          pool_(loop_, log,
              {options.helperDirectory + "/nsd-worker", options.runtimeDirectory, options.workers,
                  options.workerDeadline}),
          keep_(loop_, log,
              {options.helperDirectory + "/nsd-init", options.runtimeDirectory, options.keepUnitGroup}),
          making_(loop_, pool_, keep_, options.workerDeadline),
          links_(pool_, options.workerDeadline),
          references_(loop_, log, pool_, options.workerDeadline),
          retirement_(loop_, log, references_,
              [this](const auto& namespaces, auto done) { findHolders({namespaces}, {}, std::move(done)); }) {
    }

    // A question to a worker, whose reply holds the answer in one member.
    template <class Reply, class T>
    void question(WorkKind kind, WorkerJob job, T Reply::*member, Completion<T> done) {
        job.done = [member, done = std::move(done)](Outcome<WorkerAnswer> outcome) {
            done(translate<T>(std::move(outcome),
                [member](WorkerAnswer answer) { return std::move(replyOf<Reply>(answer).*member); }));
        };
        pool_.submit(kind, std::move(job));
    }

    template <class Reply, class T>
    void survey(WorkerJob job, T Reply::*member, Completion<T> done) {
        question(WorkKind::Survey, std::move(job), member, std::move(done));
    }

    void findHolders(HolderQuery query, UniqueFd netFd, Completion<std::vector<Holder>> done) {
        const auto net = std::make_shared<UniqueFd>(std::move(netFd));
        std::vector<int> fds;
        if (*net)
            fds.push_back(net->get());
        survey({"find what holds namespaces", protocol::HoldersRequest{std::move(query), ourProcesses()},
                   std::move(fds), deadline_, [net] { net->reset(); }, {}},
            &protocol::HoldersReply::holders, std::move(done));
    }

    // None of them is a user of any namespace, and none may be killed.
    [[nodiscard]] std::vector<pid_t> ourProcesses() const {
        auto pids = pool_.pids();
        pids.push_back(::getpid());
        if (keep_.holder() != 0)
            pids.push_back(keep_.holder());
        return pids;
    }

    LoopScope loop_; // before all that posts work, so that it is there until the last has gone
    NamespaceTypes types_ = typesOfKernel();
    std::chrono::microseconds deadline_;
    WorkerPool pool_;
    KeepSubtree keep_;
    KnownInits inits_;
    LingeringInits lingering_{loop_};
    Making making_;
    WorkerLinks links_;
    LastReferences references_;
    Retirement retirement_;
};

LinuxKernel::LinuxKernel(Loop& loop, Log& log, const KernelOptions& options)
    : impl_(std::make_unique<Impl>(loop, log, options)) {}

LinuxKernel::~LinuxKernel() = default;

NamespaceTypes LinuxKernel::supportedTypes() const {
    auto types = impl_->types_;
    if (!impl_->keep_.usable())
        types.erase(NamespaceType::Cgroup);
    return types;
}

NamespaceOwnership LinuxKernel::ownershipOf(int nsFd) const {
    return nsd::ownershipOf(nsFd);
}

void LinuxKernel::make(
    const Uuid& uuid, const NamespaceSpec& spec, unsigned attempt, Completion<MadeNamespaces> done) {
    impl_->making_.make(
        uuid, spec, attempt, [impl = impl_.get(), done = std::move(done)](Outcome<MadeNamespaces> outcome) {
            if (outcome.ok() && outcome.value().init)
                impl->inits_.remember(identifyNamespace(outcome.value().fds.at(NamespaceType::Pid).get()),
                    outcome.value().init->pid);
            done(std::move(outcome));
        });
}

void LinuxKernel::settleInit(MadeNamespaces& made) {
    nsd::settleInit(made);
}

void LinuxKernel::bindPin(int nsFd, int directory, const std::string& leaf) {
    nsd::bindPin(nsFd, directory, leaf);
}

bool LinuxKernel::removePin(int directory, const std::string& leaf) {
    return nsd::removePin(directory, leaf);
}

void LinuxKernel::retire(std::map<NamespaceType, UniqueFd> fds, std::chrono::microseconds patience,
    Completion<std::map<NamespaceType, Released>> done) {
    impl_->retirement_.retire(std::move(fds), patience, std::move(done));
}

void LinuxKernel::findHolders(HolderQuery query, UniqueFd net, Completion<std::vector<Holder>> done) {
    impl_->findHolders(std::move(query), std::move(net), std::move(done));
}

void LinuxKernel::countMembers(
    const std::vector<std::vector<NamespaceIdentity>>& groups, Completion<std::vector<std::uint32_t>> done) {
    auto ignored = impl_->ourProcesses();
    for (const auto& group : groups)
        for (const auto init : impl_->inits_.among(group))
            ignored.push_back(init);
    impl_->survey({"count the processes in namespaces", protocol::CountRequest{groups, std::move(ignored)},
                      {}, impl_->deadline_, {}, {}},
        &protocol::CountReply::counts, std::move(done));
}

Links& LinuxKernel::links() noexcept {
    return impl_->links_;
}

void LinuxKernel::killMembers(const std::vector<NamespaceIdentity>& namespaces,
    const std::vector<pid_t>& spared, std::chrono::microseconds patience,
    Completion<std::vector<Holder>> done) {
    auto all = impl_->ourProcesses();
    all.insert(all.end(), spared.begin(), spared.end());
    impl_->survey({"kill the processes in namespaces", protocol::KillRequest{namespaces, all, patience}, {},
                      patience + impl_->deadline_, {}, {}},
        &protocol::KillReply::left, std::move(done));
}

std::optional<InitProcess> LinuxKernel::findInit(int pidNsFd, pid_t hint) {
    auto init = nsd::findInit(pidNsFd, hint);
    // Process 1 of an adopted namespace is a member of it as any other.
    if (init && programOfProcess(init->pid) == "nsd-init")
        impl_->inits_.remember(identifyNamespace(pidNsFd), init->pid);
    return init;
}

void LinuxKernel::searchInit(int pidNsFd, Completion<std::optional<InitProcess>> done) {
    using Found = std::optional<InitProcess>;
    if (kernelFindsInits(pidNsFd)) {
        const auto found = std::make_shared<Outcome<Found>>(nsd::findInit(pidNsFd, 0));
        impl_->loop_.post([found, done = std::move(done)] { done(std::move(*found)); });
        return;
    }
    const auto pidNs = std::make_shared<UniqueFd>(duplicateFd(pidNsFd));
    impl_->pool_.submit(WorkKind::Survey,
        {"find process 1 of a pid namespace", protocol::InitRequest{identifyNamespace(pidNsFd)}, {},
            impl_->deadline_, {}, [pidNs, done = std::move(done)](Outcome<WorkerAnswer> outcome) {
                done(translate<Found>(std::move(outcome), [&](WorkerAnswer answer) {
                    return nsd::findInit(pidNs->get(), replyOf<protocol::InitReply>(answer).pid);
                }));
            }});
}

void LinuxKernel::endInit(const InitProcess& init) {
    nsd::endInit(init);
}

void LinuxKernel::lingerInit(const InitProcess& init) {
    impl_->lingering_.add(init);
}

void LinuxKernel::removeControlGroup(const std::string& controlGroup) {
    impl_->keep_.remove(controlGroup);
}

void LinuxKernel::sweepControlGroups(const std::vector<std::string>& wanted) {
    impl_->keep_.sweep(wanted);
}

Kernel::ProcessNamespaces LinuxKernel::namespacesOfProcess(int pidfd) {
    return nsd::namespacesOfProcess(pidfd);
}

void LinuxKernel::openSocket(
    UniqueFd netFd, const SocketSpec& socket, const UserIds& ids, Completion<UniqueFd> done) {
    const auto net = std::make_shared<UniqueFd>(std::move(netFd));
    impl_->pool_.submit(WorkKind::Socket,
        {"open a socket", protocol::SocketRequest{socket, ids}, {net->get()}, impl_->deadline_,
            [net] { net->reset(); },
            [done = std::move(done)](Outcome<WorkerAnswer> outcome) {
                done(translate<UniqueFd>(std::move(outcome), [](WorkerAnswer answer) {
                    static_cast<void>(replyOf<protocol::SocketReply>(answer));
                    if (answer.fds.size() != 1)
                        throw Error(Errc::KernelError, "a worker answered without the socket");
                    return std::move(answer.fds.front());
                }));
            }});
}

void LinuxKernel::lookUpUser(uid_t uid, Completion<UserEntry> done) {
    impl_->question(WorkKind::LookUp,
        {"look up uid " + std::to_string(uid), protocol::UserRequest{uid}, {}, impl_->deadline_, {}, {}},
        &protocol::UserReply::entry, std::move(done));
}

void LinuxKernel::lookUpAccounts(const AccountNames& names, Completion<AccountIds> done) {
    impl_->question(WorkKind::LookUp,
        {"look up users and groups", protocol::AccountsRequest{names}, {}, impl_->deadline_, {}, {}},
        &protocol::AccountsReply::ids, std::move(done));
}

LinuxKernel::Workers LinuxKernel::workers() const {
    return {impl_->pool_.pids().size(), impl_->pool_.stuck()};
}

WorkerPool& LinuxKernel::pool() {
    return impl_->pool_;
}

bool LinuxKernel::usersMayMakeUserNamespaces() const {
    return nsd::usersMayMakeUserNamespaces("/proc/sys");
}

} // namespace nsd
