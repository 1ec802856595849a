// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The fake namespaces and inits themselves; fake_kernel.cpp has the port over them.
#include "tests/support/fake_kernel.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
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

UniqueFd FakeKernel::newNamespace(NamespaceType type, std::uint64_t& inode) {
    inode = nextInode_++;
    const std::uint64_t id = ids_ ? inode * 10 : 0;
    auto fd = checked(::memfd_create("fake-namespace", MFD_CLOEXEC), "memfd_create");
    writeAll(fd.get(), textOf({type, fakeDevice, inode, id}));
    return fd;
}

void FakeKernel::writePin(int directory, const std::string& leaf, const NamespaceIdentity& identity) {
    constexpr int flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    const auto pin = checked(::openat(directory, leaf.c_str(), flags, 0444), "openat");
    writeAll(pin.get(), textOf(identity));
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

void FakeKernel::giveInit(int pidNsFd) {
    Init init;
    init.pid = nextPid_++;
    init.death = checked(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
    init.leash = init.death.duplicate(); // nobody's; openFds() counts two for each
    init.settled = true;
    inits_.emplace(identify(pidNsFd).inode, std::move(init));
}

void FakeKernel::answerOwnership(int nsFd, NamespaceOwnership ownership) {
    ownerships_.insert_or_assign(identify(nsFd).inode, ownership);
}

NamespaceOwnership FakeKernel::ownershipOf(int nsFd) const {
    const auto found = ownerships_.find(identify(nsFd).inode);
    if (found != ownerships_.end())
        return found->second;
    return {.ofHost = false, .user = {NamespaceType::User, fakeDevice, 1, 0}, .foreign = false, .owner = 0};
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
