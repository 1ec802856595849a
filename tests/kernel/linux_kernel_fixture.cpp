// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/kernel/linux_kernel_fixture.hpp"

#include "daemon/kernel/keep_subtree.hpp"
#include "daemon/kernel/liveness.hpp"
#include "tests/support/mount_table.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::test {

void LinuxKernelTest::SetUp() {
    NSD_REQUIRE_ROOT();
    adoptOrphans(); // as the daemon does; a process 1 may take its time to reap an init
    // What the loop opens at its first timer stays.
    static_cast<void>(loop_.loop().after(std::chrono::microseconds{0}, [] {}));
    loop_.turnAll();
    descriptors_ = descriptorsOf(::getpid()).size();
    options_.runtimeDirectory = parent_ / "nsd";
    options_.helperDirectory = NSD_TEST_BIN_DIR;
    options_.workers = 2;
    directory_.emplace(options_.runtimeDirectory);
    restart();
}

void LinuxKernelTest::TearDown() {
    if (!directory_)
        return;
    EXPECT_TRUE(loop_.turnUntil([&] { return !std::filesystem::exists(keepDirectory()); }))
        << keepDirectory() << " is left";
    const auto self = ::getpid();
    kernel_.reset();
    EXPECT_TRUE(loop_.turnUntil([&] {
        const auto left = descendantsOf(self);
        return std::none_of(left.begin(), left.end(),
            [](const Process& process) { return process.comm.starts_with("nsd-"); });
    })) << "a process is left";
    EXPECT_EQ(MountTable::read("self").below(options_.runtimeDirectory).size(), 2U) << "a pin is left";
    directory_.reset();
    loop_.turnAll();
    EXPECT_EQ(descriptorsOf(self).size(), descriptors_);
}

void LinuxKernelTest::restart() {
    kernel_.reset();
    kernel_ = std::make_unique<LinuxKernel>(loop_.loop(), loop_.log(), options_);
}

MadeNamespaces LinuxKernelTest::make(const NamespaceSpec& spec, const Uuid& uuid) {
    Answer<MadeNamespaces> answer;
    kernel().make(uuid, spec, 0, answer.completion());
    return await(loop_, answer);
}

MadeNamespaces LinuxKernelTest::make(NamespaceTypes types) {
    NamespaceSpec spec;
    spec.types = types;
    return make(spec);
}

std::map<NamespaceType, Released> LinuxKernelTest::retire(
    std::map<NamespaceType, UniqueFd> fds, std::chrono::microseconds patience) {
    Answer<std::map<NamespaceType, Released>> answer;
    kernel().retire(std::move(fds), patience, answer.completion());
    return await(loop_, answer);
}

void LinuxKernelTest::end(MadeNamespaces made) {
    if (made.init)
        kernel().endInit(*made.init);
    made.init.reset();
    static_cast<void>(retire(std::move(made.fds)));
    if (!made.controlGroup.empty())
        kernel().removeControlGroup(made.controlGroup);
}

Bystander::Bystander(const std::string& shellCommand)
    : process_(spawn({"/bin/sh", {"-c", shellCommand}, {}})) {}

void Bystander::kill() const noexcept {
    ::syscall(SYS_pidfd_send_signal, process_.pidfd.get(), SIGKILL, nullptr, 0);
}

std::unique_ptr<Bystander> LinuxKernelTest::startShell(const std::string& prefix) {
    const std::string ready = parent_ / "shell-runs";
    std::filesystem::remove(ready);
    auto shell =
        std::make_unique<Bystander>("exec " + prefix + " sh -c ': > " + ready + "; exec sleep 1000'");
    if (!loop_.turnUntil([&] { return std::filesystem::exists(ready); }))
        throw std::runtime_error("the shell did not start: " + prefix);
    return shell;
}

std::string LinuxKernelTest::pathOf(const UniqueFd& fd) {
    return "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(fd.get());
}

std::vector<pid_t> LinuxKernelTest::workers() {
    std::vector<pid_t> pids;
    for (const auto& process : descendantsOf(::getpid()))
        if (process.comm == "nsd-worker")
            pids.push_back(process.pid);
    return pids;
}

std::string LinuxKernelTest::keepDirectory() const {
    const auto mounts = MountTable::read("self").ofType("cgroup2");
    return mounts.empty() ? std::string("/nonexistent")
                          : mounts.front().point + "/" + keepSubtreeName(options_.runtimeDirectory);
}

void LinuxKernelTest::expectReleased(
    const std::map<NamespaceType, Released>& released, NamespaceTypes types) const {
    EXPECT_EQ(released.size(), types.size());
    for (const auto& [type, answer] : released) {
        const bool tells = kernelTellsOfDeath() || type == NamespaceType::Net;
        EXPECT_EQ(toWord(answer), toWord(tells ? Released::Yes : Released::Unknown)) << toWord(type);
    }
}

bool kernelTellsOfDeath() {
    const UniqueFd own(::open("/proc/self/ns/uts", O_RDONLY | O_CLOEXEC));
    return Liveness::of(own.get(), NamespaceType::Uts).has_value();
}

} // namespace nsd::test
