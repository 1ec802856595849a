// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/fake_kernel.hpp"

#include <algorithm>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <memory>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace nsd::test {
void FakeKernel::failAt(unsigned step, int errnoValue) {
    stepsLeft_ = step;
    failErrno_ = errnoValue;
    failed_ = false;
}

bool FakeKernel::failsNow(const std::string& call) {
    calls_.push_back(call);
    if (!stepsLeft_)
        return false;
    if (*stepsLeft_ > 0) {
        --*stepsLeft_;
        return false;
    }
    stepsLeft_.reset();
    failed_ = true;
    return true;
}

Error FakeKernel::failure(const std::string& call) const {
    return kernelError(call, "(fake)", failErrno_);
}

void FakeKernel::throwIfNow(const std::string& call) {
    if (failsNow(call))
        throw failure(call);
}

void FakeKernel::later(std::function<void()> work) {
    if (holding_)
        held_.push_back(std::move(work));
    else if (delay_.count() == 0)
        loop_.post(std::move(work));
    else
        timers_.push_back(loop_.after(delay_, std::move(work)));
}

void FakeKernel::releaseAnswers() {
    holding_ = false;
    for (auto& held : std::exchange(held_, {}))
        loop_.post(std::move(held));
}

template <class T>
void FakeKernel::answer(Completion<T> done, Outcome<T> outcome) {
    auto shared = std::make_shared<Outcome<T>>(std::move(outcome));
    later([done = std::move(done), shared] { done(std::move(*shared)); });
}

void FakeKernel::make(
    const Uuid& uuid, const NamespaceSpec& spec, unsigned attempt, Completion<MadeNamespaces> done) {
    const auto call = attempt == 0 ? std::string("make") : "make " + std::to_string(attempt);
    if (failsNow(call)) {
        answer<MadeNamespaces>(std::move(done), failure(call));
        return;
    }
    // Made only when it is answered: nobody holds it while the answer is under way.
    auto work = [this, uuid, spec, done = std::move(done)] {
        auto outcome = [&]() -> Outcome<MadeNamespaces> {
            try {
                return madeOf(uuid, spec);
            } catch (const Error& error) {
                return error;
            }
        }();
        done(std::move(outcome));
    };
    later(std::move(work));
}

void FakeKernel::settleInit(MadeNamespaces& made) {
    throwIfNow("settleInit");
    for (auto& [inode, init] : inits_)
        if (made.init && init.pid == made.init->pid)
            init.settled = true;
    made.initLeash.reset();
}

void FakeKernel::bindPin(int nsFd, int directory, const std::string& leaf) {
    const auto identity = identify(nsFd);
    throwIfNow("bindPin " + leaf);
    if (identity.type == NamespaceType::Mnt && mntRefusals_ > 0) {
        --mntRefusals_;
        throw kernelError("mount", "on " + leaf, EINVAL);
    }
    writePin(directory, leaf, identity);
    if (const auto found = namespaces_.find(identity.inode); found != namespaces_.end())
        ++found->second.pins;
}

bool FakeKernel::removePin(int directory, const std::string& leaf) {
    throwIfNow("removePin " + leaf);
    const UniqueFd pin(::openat(directory, leaf.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (pin) {
        try {
            if (const auto found = namespaces_.find(identify(pin.get()).inode); found != namespaces_.end())
                --found->second.pins;
        } catch (const Error&) { // NOLINT(bugprone-empty-catch): a plain file, as a crash leaves it
        }
    }
    if (::unlinkat(directory, leaf.c_str(), 0) == 0)
        return true;
    if (errno == ENOENT)
        return false;
    throw kernelError("unlink", leaf, errno);
}

void FakeKernel::retire(std::map<NamespaceType, UniqueFd> fds, std::chrono::microseconds patience,
    Completion<std::map<NamespaceType, Released>> done) {
    patience_ = patience;
    std::string call = "retire";
    std::map<NamespaceType, Released> released;
    for (const auto& [type, fd] : fds) {
        call += ' ';
        call += toWord(type);
        if (const auto found = namespaces_.find(identify(fd.get()).inode); found != namespaces_.end())
            found->second.retired = true;
        const auto said = released_.find(type);
        released[type] = said == released_.end() ? Released::Yes : said->second;
    }
    if (failsNow(call))
        answer<std::map<NamespaceType, Released>>(std::move(done), failure(call));
    else
        answer<std::map<NamespaceType, Released>>(std::move(done), std::move(released));
}

void FakeKernel::findHolders(HolderQuery query, UniqueFd net, Completion<std::vector<Holder>> done) {
    asked_ = std::move(query);
    askedWithNet_ = net.valid();
    if (failsNow("findHolders")) {
        answer<std::vector<Holder>>(std::move(done), failure("findHolders"));
        return;
    }
    auto found = holders_;
    for (const auto& lease : asked_.leases) // nobody is found who has them
        found.push_back({"lease", 0, "", "", lease.text, lease.uid});
    answer<std::vector<Holder>>(std::move(done), std::move(found));
}

void FakeKernel::countMembers(
    const std::vector<std::vector<NamespaceIdentity>>& groups, Completion<std::vector<std::uint32_t>> done) {
    if (failsNow("countMembers")) {
        answer<std::vector<std::uint32_t>>(std::move(done), failure("countMembers"));
        return;
    }
    std::vector<std::uint32_t> counts;
    for (const auto& group : groups) {
        std::uint32_t count = 0;
        for (const auto& identity : group)
            if (const auto found = members_.find(identity.inode); found != members_.end())
                count = std::max(count, found->second);
        counts.push_back(count);
    }
    answer<std::vector<std::uint32_t>>(std::move(done), std::move(counts));
}

void FakeKernel::killMembers(const std::vector<NamespaceIdentity>& namespaces,
    const std::vector<pid_t>& /*spared*/, std::chrono::microseconds /*patience*/,
    Completion<std::vector<Holder>> done) {
    if (failsNow("killMembers")) {
        answer<std::vector<Holder>>(std::move(done), failure("killMembers"));
        return;
    }
    for (const auto& identity : namespaces)
        members_.erase(identity.inode);
    answer<std::vector<Holder>>(std::move(done), left_);
}

std::optional<InitProcess> FakeKernel::findInit(int pidNsFd, pid_t /*hint*/) {
    throwIfNow("findInit");
    const auto found = inits_.find(identify(pidNsFd).inode);
    if (found == inits_.end() || !alive(found->second))
        return std::nullopt;
    return InitProcess{found->second.pid, found->second.death.duplicate()};
}

void FakeKernel::searchInit(int pidNsFd, Completion<std::optional<InitProcess>> done) {
    using Found = std::optional<InitProcess>;
    try {
        answer<Found>(std::move(done), findInit(pidNsFd, 0));
    } catch (const Error& error) {
        answer<Found>(std::move(done), error);
    }
}

void FakeKernel::endInit(const InitProcess& init) {
    calls_.emplace_back("endInit");
    for (auto& [inode, known] : inits_)
        if (known.pid == init.pid)
            die(known);
}

void FakeKernel::lingerInit(const InitProcess& init) {
    calls_.emplace_back("lingerInit");
    for (auto& [inode, known] : inits_)
        if (known.pid == init.pid && members_.find(inode) == members_.end())
            die(known);
}

void FakeKernel::removeControlGroup(const std::string& controlGroup) {
    calls_.emplace_back("removeControlGroup");
    groups_.erase(controlGroup);
    removedGroups_.push_back(controlGroup);
}

void FakeKernel::sweepControlGroups(const std::vector<std::string>& kept) {
    calls_.emplace_back("sweepControlGroups");
    std::erase_if(
        groups_, [&](const auto& group) { return std::find(kept.begin(), kept.end(), group) == kept.end(); });
}

void FakeKernel::openSocket(
    UniqueFd netFd, const SocketSpec& socket, const UserIds& ids, Completion<UniqueFd> done) {
    if (failsNow("openSocket")) {
        answer<UniqueFd>(std::move(done), failure("openSocket"));
        return;
    }
    EXPECT_EQ(identify(netFd.get()).type, NamespaceType::Net);
    sockets_.push_back({socket, ids});
    answer<UniqueFd>(
        std::move(done), UniqueFd(::socket(socket.family, socket.type | SOCK_CLOEXEC, socket.protocol)));
}

Kernel::ProcessNamespaces FakeKernel::namespacesOfProcess(int /*pidfd*/) {
    throwIfNow("namespacesOfProcess");
    return process_;
}

void FakeKernel::lookUpUser(uid_t uid, Completion<UserEntry> done) {
    const auto call = "lookUpUser " + std::to_string(uid);
    if (failsNow(call))
        answer<UserEntry>(std::move(done), failure(call));
    else
        answer<UserEntry>(std::move(done), users_[uid]);
}

void FakeKernel::lookUpAccounts(const AccountNames& /*names*/, Completion<AccountIds> done) {
    const std::string call = "lookUpAccounts";
    if (failsNow(call))
        answer<AccountIds>(std::move(done), failure(call));
    else
        answer<AccountIds>(std::move(done), accounts_);
}

} // namespace nsd::test
