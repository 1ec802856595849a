// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/core/kernel.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace nsd::test {

// A kernel port without a kernel: a "namespace" is a file whose text says which one it is, a pin is
// such a file in the pins' directory, an init is a number with an eventfd as its pidfd. It lives on
// while the daemon's objects are made anew over the same directory, as the real one does. It can be
// told to fail at any step, and knows at the end whether every namespace is pinned or was retired.
// Answers come through the loop, never from inside the call.
class FakeKernel final : public Kernel {
  public:
    explicit FakeKernel(Loop& loop) : loop_(loop) {}

    // --- what a test turns -------------------------------------------------------------------
    // The `step`th call from now on (0 is the next) that can fail does so with this errno.
    void failAt(unsigned step, int errnoValue = EMFILE);
    // The next `times` bindings of a mnt namespace fail with EINVAL.
    void refuseMntBinds(unsigned times) { mntRefusals_ = times; }
    // Answers take this long instead of one turn of the loop.
    void delayAnswers(std::chrono::microseconds delay) { delay_ = delay; }
    // There are no answers until releaseAnswers(), which also gives those that were held.
    void holdAnswers() { holding_ = true; }
    void releaseAnswers();
    void support(NamespaceTypes types) { supported_ = types; }
    // Namespaces made from now on have no never-reused ids, as before Linux 6.18.
    void withoutIds() { ids_ = false; }
    // What retire answers for a type; Yes where nothing was said.
    void answerReleased(NamespaceType type, Released released) { released_[type] = released; }
    // The last one of findHolders.
    [[nodiscard]] const HolderQuery& askedHolders() const noexcept { return asked_; }
    [[nodiscard]] bool hadNetForHolders() const noexcept { return askedWithNet_; }
    void answerHolders(std::vector<Holder> holders) { holders_ = std::move(holders); }
    void answerLeftMembers(std::vector<Holder> left) { left_ = std::move(left); }
    void answerProcess(ProcessNamespaces process) { process_ = std::move(process); }
    // What lookUpUser answers; without it a uid has no entry.
    void answerUser(uid_t uid, UserEntry entry) { users_[uid] = std::move(entry); }
    // What lookUpAccounts knows; other names do not exist.
    void answerAccounts(AccountIds accounts) { accounts_ = std::move(accounts); }
    void forbidUserNamespaces(bool forbidden = true) { userNamespaces_ = !forbidden; }
    // How many processes countMembers finds in each namespace with this inode.
    void setMembers(std::uint64_t inode, std::uint32_t count) { members_[inode] = count; }
    // The init of this pid namespace dies.
    void killInit(std::uint64_t pidNsInode);
    // A namespace that nobody made through the port: for Identify and for planted pins.
    [[nodiscard]] UniqueFd foreignNamespace(NamespaceType type);
    // It is a pid namespace, and has a process 1 of its own.
    void giveInit(int pidNsFd);
    // What ownershipOf says of it; without this it belongs to the initial user namespace.
    void answerOwnership(int nsFd, NamespaceOwnership ownership);

    struct OpenedSocket {
        SocketSpec socket;
        UserIds ids;
    };

    // --- what a test asks --------------------------------------------------------------------
    [[nodiscard]] bool failed() const noexcept { return failed_; }
    // Each call in order: "make", "bindPin net", "settleInit", "retire net uts" …
    [[nodiscard]] const std::vector<std::string>& calls() const noexcept { return calls_; }
    void forgetCalls() { calls_.clear(); }
    [[nodiscard]] const std::vector<OpenedSocket>& sockets() const noexcept { return sockets_; }
    // Namespaces that are neither pinned nor retired, as "net 4026540001": dropped without a worker.
    [[nodiscard]] std::vector<std::string> leaked() const;
    [[nodiscard]] std::size_t pinned() const;
    [[nodiscard]] std::size_t livingInits() const;
    // Descriptors that the fake itself holds: two for each init that it ever made.
    [[nodiscard]] std::size_t openFds() const noexcept { return 2 * inits_.size(); }
    // Of the last retire.
    [[nodiscard]] std::chrono::microseconds lastPatience() const noexcept { return patience_; }
    // What is leaked now is meant to be.
    void forgetDropped();
    [[nodiscard]] const std::vector<std::string>& removedControlGroups() const { return removedGroups_; }
    [[nodiscard]] std::size_t controlGroups() const noexcept { return groups_.size(); }

    // --- the port ----------------------------------------------------------------------------
    [[nodiscard]] NamespaceTypes supportedTypes() const override { return supported_; }
    [[nodiscard]] NamespaceIdentity identify(int nsFd) const override;
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
    void sweepControlGroups(const std::vector<std::string>& kept) override;
    [[nodiscard]] ProcessNamespaces namespacesOfProcess(int pidfd) override;
    void openSocket(
        UniqueFd netFd, const SocketSpec& socket, const UserIds& ids, Completion<UniqueFd> done) override;
    void lookUpUser(uid_t uid, Completion<UserEntry> done) override;
    void lookUpAccounts(const AccountNames& names, Completion<AccountIds> done) override;
    [[nodiscard]] bool usersMayMakeUserNamespaces() const override { return userNamespaces_; }

  private:
    struct Entry {
        NamespaceType type;
        int pins = 0;
        bool retired = false;
    };
    struct Init {
        pid_t pid = 0;
        UniqueFd death; // an eventfd, readable once dead
        UniqueFd leash; // the read end
        bool settled = false;
        bool dead = false;
    };

    // Counts the call and says whether this is the one that fails.
    [[nodiscard]] bool failsNow(const std::string& call);
    void throwIfNow(const std::string& call);
    [[nodiscard]] Error failure(const std::string& call) const;
    [[nodiscard]] UniqueFd newNamespace(NamespaceType type, std::uint64_t& inode);
    static void writePin(int directory, const std::string& leaf, const NamespaceIdentity& identity);
    [[nodiscard]] MadeNamespaces madeOf(const Uuid& uuid, const NamespaceSpec& spec);
    [[nodiscard]] bool alive(const Init& init) const;
    void die(Init& init);
    void later(std::function<void()> work);
    template <class T>
    void answer(Completion<T> done, Outcome<T> outcome);

    Loop& loop_;
    NamespaceTypes supported_ = NamespaceTypes::all();
    std::chrono::microseconds delay_{0};
    bool holding_ = false;
    std::vector<std::function<void()>> held_;
    std::vector<Loop::SourcePtr> timers_;
    std::chrono::microseconds patience_{0};
    bool ids_ = true;
    unsigned mntRefusals_ = 0;
    std::optional<unsigned> stepsLeft_;
    int failErrno_ = 0;
    bool failed_ = false;
    std::uint64_t nextInode_ = 4'026'540'000;
    pid_t nextPid_ = 5'000'000; // above the kernel's largest pid: a mistake kills nobody
    std::map<std::uint64_t, Entry> namespaces_;
    std::map<std::uint64_t, Init> inits_; // by the pid namespace's inode
    std::set<std::string> groups_;
    std::vector<std::string> removedGroups_;
    std::vector<std::string> calls_;
    std::map<NamespaceType, Released> released_;
    std::vector<Holder> holders_;
    HolderQuery asked_;
    bool askedWithNet_ = false;
    std::vector<Holder> left_;
    std::map<std::uint64_t, std::uint32_t> members_;
    ProcessNamespaces process_;
    std::map<std::uint64_t, NamespaceOwnership> ownerships_; // by inode
    std::vector<OpenedSocket> sockets_;
    std::map<uid_t, UserEntry> users_;
    AccountIds accounts_;
    bool userNamespaces_ = true;
};

// Descriptors that this process has open now.
[[nodiscard]] std::size_t countOpenFds();

} // namespace nsd::test
