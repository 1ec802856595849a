// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/fake_kernel.hpp"

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <poll.h>
#include <sstream>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace nsd::test {
namespace {

constexpr std::uint64_t fakeDevice = 4;
constexpr std::string_view magic = "fake-namespace";

std::string textOf(const NamespaceIdentity& identity) {
    std::ostringstream text;
    text << magic << ' ' << toWord(identity.type) << ' ' << identity.inode << ' ' << identity.id << '\n';
    return text.str();
}

void writeAll(int fd, const std::string& text) {
    if (::pwrite(fd, text.data(), text.size(), 0) != static_cast<ssize_t>(text.size()))
        throw kernelError("write", "of a fake namespace", errno);
}

UniqueFd checked(int fd, const char* step) {
    if (fd < 0)
        throw kernelError(step, "in the fake kernel", errno);
    return UniqueFd(fd);
}

} // namespace

std::size_t countOpenFds() {
    const std::filesystem::directory_iterator all("/proc/self/fd");
    // One of them is the iterator's own.
    return static_cast<std::size_t>(std::distance(begin(all), end(all))) - 1;
}

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
    if (delay_.count() == 0)
        loop_.post(std::move(work));
    else
        timers_.push_back(loop_.after(delay_, std::move(work)));
}

template <class T>
void FakeKernel::answer(Completion<T> done, Outcome<T> outcome) {
    auto shared = std::make_shared<Outcome<T>>(std::move(outcome));
    later([done = std::move(done), shared] { done(std::move(*shared)); });
}

UniqueFd FakeKernel::newNamespace(NamespaceType type, std::uint64_t& inode) {
    inode = nextInode_++;
    const std::uint64_t id = ids_ ? inode * 10 : 0;
    auto fd = checked(::memfd_create("fake-namespace", MFD_CLOEXEC), "memfd_create");
    writeAll(fd.get(), textOf({type, fakeDevice, inode, id}));
    return fd;
}

UniqueFd FakeKernel::foreignNamespace(NamespaceType type) {
    std::uint64_t inode = 0;
    return newNamespace(type, inode);
}

NamespaceIdentity FakeKernel::identify(int nsFd) const {
    std::array<char, 128> buffer{};
    const auto size = ::pread(nsFd, buffer.data(), buffer.size(), 0);
    std::istringstream text(std::string(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0));
    std::string word;
    std::string type;
    NamespaceIdentity identity{NamespaceType::Net, fakeDevice, 0, 0};
    if (!(text >> word >> type >> identity.inode >> identity.id) || word != magic)
        throw Error(Errc::WrongFd, "the file descriptor is not a namespace");
    identity.type = namespaceTypeFromWord(type);
    return identity;
}

MadeNamespaces FakeKernel::madeOf(const Uuid& uuid, const NamespaceSpec& spec) {
    MadeNamespaces made;
    std::map<std::uint64_t, NamespaceType> fresh;
    for (const auto type : spec.types) {
        std::uint64_t inode = 0;
        made.fds.emplace(type, newNamespace(type, inode));
        fresh.emplace(inode, type);
        if (type != NamespaceType::Pid)
            continue;
        Init init;
        init.pid = nextPid_++;
        init.death = checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
            throw kernelError("pipe2", "in the fake kernel", errno);
        init.leash.reset(ends[0]);
        made.initLeash.reset(ends[1]);
        made.init = InitProcess{init.pid, init.death.duplicate()};
        inits_.emplace(inode, std::move(init));
    }
    for (const auto& [inode, type] : fresh)
        namespaces_.emplace(inode, Entry{type});
    if (spec.types.contains(NamespaceType::Pid) || spec.types.contains(NamespaceType::Cgroup)) {
        made.controlGroup = "/nsd-keep/" + uuid.str();
        groups_.insert(made.controlGroup);
    }
    return made;
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
    const auto pin =
        checked(::openat(directory, leaf.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0444),
            "openat");
    writeAll(pin.get(), textOf(identity));
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

void FakeKernel::findHolders(
    const std::vector<NamespaceIdentity>& /*namespaces*/, Completion<std::vector<Holder>> done) {
    if (failsNow("findHolders"))
        answer<std::vector<Holder>>(std::move(done), failure("findHolders"));
    else
        answer<std::vector<Holder>>(std::move(done), holders_);
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

void FakeKernel::listLinks(
    std::vector<UniqueFd> netFds, Completion<std::vector<std::vector<std::string>>> done) {
    if (failsNow("listLinks"))
        answer<std::vector<std::vector<std::string>>>(std::move(done), failure("listLinks"));
    else
        answer<std::vector<std::vector<std::string>>>(
            std::move(done), std::vector<std::vector<std::string>>(netFds.size(), {"lo"}));
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

bool FakeKernel::alive(const Init& init) const {
    if (init.dead)
        return false;
    // An init that was not settled ends itself when its leash breaks.
    pollfd leash{init.leash.get(), POLLIN, 0};
    return init.settled || ::poll(&leash, 1, 0) == 0 || (leash.revents & POLLHUP) == 0;
}

void FakeKernel::die(Init& init) {
    init.dead = true;
    const std::uint64_t one = 1;
    if (::write(init.death.get(), &one, sizeof one) < 0)
        throw kernelError("write", "to a fake pidfd", errno);
}

void FakeKernel::killInit(std::uint64_t pidNsInode) {
    die(inits_.at(pidNsInode));
}

std::optional<InitProcess> FakeKernel::findInit(int pidNsFd, pid_t /*hint*/) {
    throwIfNow("findInit");
    const auto found = inits_.find(identify(pidNsFd).inode);
    if (found == inits_.end() || !alive(found->second))
        return std::nullopt;
    return InitProcess{found->second.pid, found->second.death.duplicate()};
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

Kernel::ProcessNamespaces FakeKernel::namespacesOfProcess(int /*pidfd*/) {
    throwIfNow("namespacesOfProcess");
    return process_;
}

std::vector<std::string> FakeKernel::leaked() const {
    std::vector<std::string> all;
    for (const auto& [inode, entry] : namespaces_)
        if (entry.pins <= 0 && !entry.retired)
            all.push_back(std::string(toWord(entry.type)) + ' ' + std::to_string(inode));
    return all;
}

void FakeKernel::forgetDropped() {
    std::erase_if(
        namespaces_, [](const auto& entry) { return entry.second.pins <= 0 && !entry.second.retired; });
}

std::size_t FakeKernel::pinned() const {
    return static_cast<std::size_t>(std::count_if(
        namespaces_.begin(), namespaces_.end(), [](const auto& entry) { return entry.second.pins > 0; }));
}

std::size_t FakeKernel::livingInits() const {
    return static_cast<std::size_t>(std::count_if(
        inits_.begin(), inits_.end(), [this](const auto& entry) { return alive(entry.second); }));
}

} // namespace nsd::test
