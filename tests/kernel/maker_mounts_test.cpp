// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/nsfs.hpp"
#include "daemon/protocol/channel.hpp"
#include "tests/kernel/worker_process.hpp"
#include "tests/support/mount_table.hpp"
#include "tests/support/require.hpp"

#include <algorithm>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace nsd::test {
namespace {

class Mounts : public testing::Test {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }
    static NamespaceSpec specOf(NamespaceTypes types) {
        NamespaceSpec spec;
        spec.types = types;
        return spec;
    }
};

std::string listInside(const MadeByWorker& made, NamespaceTypes types, const std::string& directory) {
    return inside(made, types, [&] {
        std::string names;
        for (const auto& entry : std::filesystem::directory_iterator(directory))
            names += entry.path().filename().string() + ' ';
        return names;
    });
}

// A pin as the daemon makes it, below a directory.
class Pin {
  public:
    Pin(const MadeByWorker& made, NamespaceType type, std::filesystem::path file) : file_(std::move(file)) {
        UniqueFd(::open(file_.c_str(), O_CREAT | O_EXCL | O_CLOEXEC, 0600)).reset();
        const auto source = "/proc/self/fd/" + std::to_string(made.fd(type));
        if (::mount(source.c_str(), file_.c_str(), nullptr, MS_BIND, nullptr) != 0)
            throw kernelError("pin", file_.string(), errno);
    }
    ~Pin() {
        ::umount2(file_.c_str(), MNT_DETACH);
        ::unlink(file_.c_str());
    }
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;

  private:
    std::filesystem::path file_;
};

TEST_F(Mounts, TheBaseHasNothingOfTheRuntimeDirectory) {
    const TempDir directory;
    // As the daemon prepares it: twice, as two starts might, with a pin inside.
    for (int i = 0; i < 2; ++i)
        ASSERT_EQ(::mount(directory.path().c_str(), directory.path().c_str(), nullptr, MS_BIND, nullptr), 0);
    ASSERT_EQ(::mount("nsd", directory.path().c_str(), "tmpfs", 0, "mode=0700"), 0);
    WorkerProcess maker;
    const auto net = maker.make(specOf({NamespaceType::Net}));
    const Pin pin(net, NamespaceType::Net, directory / "net");
    auto [ours, theirs] = protocol::socketPair();
    CommandOptions options;
    options.descriptors[3] = theirs.get();
    BackgroundProcess worker({workerProgram(), "--base=" + directory.path().string()}, options);
    ASSERT_TRUE(protocol::receivePacket(ours.get()).has_value());
    const auto itsMounts = MountTable::read(std::to_string(worker.pid()));
    EXPECT_TRUE(itsMounts.below(directory.path()).empty());
    EXPECT_FALSE(MountTable::read("self").below(directory.path()).empty());
}

TEST_F(Mounts, ANewMountNamespaceHoldsNoPin) {
    WorkerProcess worker;
    const auto net = worker.make(specOf({NamespaceType::Net}));
    const Pin pin(net, NamespaceType::Net, worker.runtimeDirectory() / "net");
    const auto inode = std::to_string(identifyNamespace(net.fd(NamespaceType::Net)).inode);
    const auto pinsSeen = [&] {
        const auto all = MountTable::read("self").ofType("nsfs");
        return std::count_if(
            all.begin(), all.end(), [&](const Mount& mount) { return mount.root == "net:[" + inode + ']'; });
    };
    ASSERT_EQ(pinsSeen(), 1);
    const auto made = worker.make(specOf({NamespaceType::Mnt}));
    EXPECT_EQ(inside(made, {NamespaceType::Mnt}, [&] { return std::to_string(pinsSeen()); }), "0");
}

TEST_F(Mounts, NothingMountedInsideReachesTheHost) {
    WorkerProcess worker;
    const auto made = worker.make(specOf({NamespaceType::Mnt}));
    const TempDir directory;
    const auto path = directory.path().string();
    const auto said = inside(made, {NamespaceType::Mnt}, [&] {
        for (const auto& mount : MountTable::read("self").all())
            if (mount.optional.find("shared:") != std::string::npos)
                return "shared: " + mount.point;
        return std::string(::mount("x", path.c_str(), "tmpfs", 0, nullptr) == 0 ? "mounted" : "not mounted");
    });
    EXPECT_EQ(said, "mounted");
    EXPECT_TRUE(MountTable::read("self").below(directory.path()).empty());
}

TEST_F(Mounts, WhatTheHostMountsLaterArrives) {
    const TempDir directory;
    // A shared mount, as every one of a host with systemd is.
    ASSERT_EQ(::mount("x", directory.path().c_str(), "tmpfs", 0, nullptr), 0);
    ASSERT_EQ(::mount(nullptr, directory.path().c_str(), nullptr, MS_SHARED, nullptr), 0);
    const auto leaf = directory / "leaf";
    ASSERT_EQ(::mkdir(leaf.c_str(), 0700), 0);
    WorkerProcess worker;
    const auto made = worker.make(specOf({NamespaceType::Mnt}));
    ASSERT_EQ(::mount("y", leaf.c_str(), "tmpfs", 0, nullptr), 0);
    const auto seen = inside(made, {NamespaceType::Mnt},
        [&] { return std::to_string(MountTable::read("self").below(leaf).size()); });
    EXPECT_EQ(seen, "1");
}

TEST_F(Mounts, WithPidProcShowsTheInside) {
    WorkerProcess worker;
    for (const bool user : {false, true}) {
        NamespaceTypes types{NamespaceType::Mnt, NamespaceType::Pid};
        if (user)
            types.insert(NamespaceType::User);
        const auto made = worker.make(specOf(types));
        EXPECT_EQ(inside(made, types, [] { return readFile("/proc/1/comm"); }), "nsd-init\n");
        EXPECT_NE(readFile("/proc/1/comm"), "nsd-init\n");
    }
}

TEST_F(Mounts, WithNetSysShowsTheInside) {
    WorkerProcess worker;
    for (const bool user : {false, true}) {
        NamespaceTypes types{NamespaceType::Mnt, NamespaceType::Net};
        if (user)
            types.insert(NamespaceType::User);
        EXPECT_EQ(listInside(worker.make(specOf(types)), types, "/sys/class/net"), "lo ");
    }
}

TEST_F(Mounts, WithoutPidAndNetTheyAreTheHosts) {
    WorkerProcess worker;
    const auto made = worker.make(specOf({NamespaceType::Mnt}));
    const auto here = MountTable::read("self").ofType("proc").size();
    EXPECT_EQ(inside(made, {NamespaceType::Mnt},
                  [] { return std::to_string(MountTable::read("self").ofType("proc").size()); }),
        std::to_string(here));
}

TEST_F(Mounts, AProcThatTheKernelRefusesNamesTheStep) {
    // Where a part of /proc is covered, a user namespace gets no fresh one: as in a container.
    NSD_REQUIRE_PROGRAM("unshare");
    WorkerProcess worker(
        {"unshare", "--mount", "sh", "-c", R"(mount -t tmpfs x /proc/tty && exec "$0" "$@")"});
    const NamespaceTypes types{NamespaceType::Mnt, NamespaceType::Pid, NamespaceType::User};
    const auto text = errorTextOf(Errc::KernelError, [&] { static_cast<void>(worker.make(specOf(types))); });
    EXPECT_NE(text.find("mount a fresh proc on /proc"), std::string::npos) << text;
}

// The id of a namespace that is made on this CPU and goes at once; 0: this kernel has none.
std::uint64_t idMadeOn(int cpu) {
    std::uint64_t id = 0;
    std::thread([&] {
        cpu_set_t chosen;
        CPU_ZERO(&chosen);
        CPU_SET(cpu, &chosen);
        if (::sched_setaffinity(0, sizeof chosen, &chosen) != 0 || ::unshare(CLONE_NEWUTS) != 0)
            return;
        const UniqueFd made(::open("/proc/thread-self/ns/uts", O_RDONLY | O_CLOEXEC));
        id = identifyNamespace(made.get()).id;
    }).join();
    return id;
}

TEST_F(Mounts, ARepeatedAttemptIsYoungerThanWhatAnyCpuHasMade) {
    WorkerProcess worker;
    std::uint64_t youngest = 0;
    cpu_set_t allowed;
    ASSERT_EQ(::sched_getaffinity(0, sizeof allowed, &allowed), 0);
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu)
        youngest = CPU_ISSET(cpu, &allowed) ? std::max(youngest, idMadeOn(cpu)) : youngest;
    const auto made = worker.make(specOf({NamespaceType::Mnt, NamespaceType::Uts}), 1);
    ASSERT_EQ(made.fds.size(), 2U);
    if (youngest != 0) {
        EXPECT_GT(identifyNamespace(made.fd(NamespaceType::Mnt)).id, youngest);
    }
}

TEST_F(Mounts, TheInitMayRunOnEveryCpuWhateverTheAttempt) {
    WorkerProcess worker;
    const auto made = worker.make(specOf({NamespaceType::Mnt, NamespaceType::Pid}), 1);
    cpu_set_t its;
    cpu_set_t ours;
    ASSERT_EQ(::sched_getaffinity(made.initPid, sizeof its, &its), 0);
    ASSERT_EQ(::sched_getaffinity(0, sizeof ours, &ours), 0);
    EXPECT_TRUE(CPU_EQUAL(&its, &ours));
}

} // namespace
} // namespace nsd::test
