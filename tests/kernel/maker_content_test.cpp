// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/kernel/worker_process.hpp"
#include "tests/support/require.hpp"

#include <cstdint>
#include <ctime>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace nsd::test {
namespace {

class Contents : public testing::Test {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }
    static NamespaceSpec specOf(NamespaceTypes types) {
        NamespaceSpec spec;
        spec.types = types;
        return spec;
    }
};

std::string fileInside(const MadeByWorker& made, NamespaceType type, const std::string& path) {
    return inside(made, {type}, [&] { return readFile(path); });
}

TEST_F(Contents, LoIsUp) {
    WorkerProcess worker;
    const auto made = worker.make(specOf({NamespaceType::Net}));
    const auto flags = inside(made, {NamespaceType::Net}, [] {
        const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        ifreq request{};
        request.ifr_name[0] = 'l';
        request.ifr_name[1] = 'o';
        if (::ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0)
            return std::string("no lo");
        return std::string((request.ifr_flags & IFF_UP) != 0 ? "up" : "down");
    });
    EXPECT_EQ(flags, "up");
}

TEST_F(Contents, LoHasItsAddresses) {
    WorkerProcess worker;
    const auto made = worker.make(specOf({NamespaceType::Net}));
    EXPECT_NE(
        fileInside(made, NamespaceType::Net, "/proc/self/net/fib_trie").find("127.0.0.1"), std::string::npos);
}

TEST_F(Contents, HostnameAndDomainname) {
    WorkerProcess worker;
    auto spec = specOf({NamespaceType::Uts});
    spec.hostname = "inside";
    spec.domainname = "example";
    const auto made = worker.make(spec);
    EXPECT_EQ(fileInside(made, NamespaceType::Uts, "/proc/sys/kernel/hostname"), "inside\n");
    EXPECT_EQ(fileInside(made, NamespaceType::Uts, "/proc/sys/kernel/domainname"), "example\n");
    EXPECT_NE(readFile("/proc/sys/kernel/hostname"), "inside\n");
}

TEST_F(Contents, WithoutAHostnameItIsTheHosts) {
    WorkerProcess worker;
    const auto made = worker.make(specOf({NamespaceType::Uts}));
    EXPECT_EQ(fileInside(made, NamespaceType::Uts, "/proc/sys/kernel/hostname"),
        readFile("/proc/sys/kernel/hostname"));
}

TEST_F(Contents, AHostnameThatTheKernelRefusesIsNamed) {
    WorkerProcess worker;
    auto spec = specOf({NamespaceType::Uts});
    spec.hostname.assign(65, 'x');
    const auto text = errorTextOf(Errc::KernelError, [&] { static_cast<void>(worker.make(spec)); });
    EXPECT_NE(text.find("set the hostname \"xxx"), std::string::npos) << text;
}

TEST_F(Contents, SysctlsOfNetAndIpcAreSetInsideOnly) {
    WorkerProcess worker;
    auto spec = specOf({NamespaceType::Net, NamespaceType::Ipc});
    spec.sysctls = {{"net.ipv4.ip_default_ttl", "77"}, {"kernel.msgmax", "12345"},
        {"fs.mqueue.msg_max", "17"}, {"kernel.sem", "250 32000 32 200"}};
    const auto made = worker.make(spec);
    EXPECT_EQ(fileInside(made, NamespaceType::Net, "/proc/sys/net/ipv4/ip_default_ttl"), "77\n");
    EXPECT_EQ(fileInside(made, NamespaceType::Ipc, "/proc/sys/kernel/msgmax"), "12345\n");
    EXPECT_EQ(fileInside(made, NamespaceType::Ipc, "/proc/sys/fs/mqueue/msg_max"), "17\n");
    EXPECT_EQ(fileInside(made, NamespaceType::Ipc, "/proc/sys/kernel/sem"), "250\t32000\t32\t200\n");
    EXPECT_NE(readFile("/proc/sys/net/ipv4/ip_default_ttl"), "77\n");
    EXPECT_NE(readFile("/proc/sys/kernel/msgmax"), "12345\n");
}

TEST_F(Contents, ASlashInASysctlIsADotInsideAPart) {
    WorkerProcess worker;
    auto spec = specOf({NamespaceType::Net});
    // There is no such link: the error shows that the name was understood as one.
    spec.sysctls = {{"net.ipv4.conf.eth0/5.forwarding", "1"}};
    static_cast<void>(errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(worker.make(spec)); }));
    spec.sysctls = {{"net.ipv4.conf.lo.forwarding", "1"}};
    EXPECT_EQ(
        fileInside(worker.make(spec), NamespaceType::Net, "/proc/sys/net/ipv4/conf/lo/forwarding"), "1\n");
}

TEST_F(Contents, AnUnknownSysctlIsNamed) {
    WorkerProcess worker;
    auto spec = specOf({NamespaceType::Net});
    spec.sysctls = {{"net.ipv4.no_such_thing", "1"}};
    const auto text = errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(worker.make(spec)); });
    EXPECT_NE(text.find("net.ipv4.no_such_thing"), std::string::npos) << text;
}

TEST_F(Contents, ABadValueOfASysctlIsNamed) {
    WorkerProcess worker;
    auto spec = specOf({NamespaceType::Net});
    spec.sysctls = {{"net.ipv4.ip_forward", "perhaps"}};
    const auto text = errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(worker.make(spec)); });
    EXPECT_NE(text.find("\"perhaps\""), std::string::npos) << text;
    EXPECT_NE(text.find("net.ipv4.ip_forward"), std::string::npos) << text;
}

TEST_F(Contents, ASysctlOfATypeThatIsNotMadeIsNotTheHosts) {
    WorkerProcess worker;
    const auto before = readFile("/proc/sys/kernel/msgmax");
    auto spec = specOf({NamespaceType::Net});
    spec.sysctls = {{"kernel.msgmax", "12345"}};
    static_cast<void>(errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(worker.make(spec)); }));
    EXPECT_EQ(readFile("/proc/sys/kernel/msgmax"), before);
}

TEST_F(Contents, ASysctlCannotClimbOut) {
    WorkerProcess worker;
    auto spec = specOf({NamespaceType::Net});
    // Each would come out at a setting of the new namespace again, so that no host is hurt.
    for (const auto* name : {"net.//.net.ipv4.ip_forward", "net.ipv4.//.//.net.ipv4.ip_forward"}) {
        spec.sysctls = {{name, "1"}};
        static_cast<void>(errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(worker.make(spec)); }));
    }
}

// Seconds of the clock as a process in the time namespace sees it, and as the test does.
std::pair<std::int64_t, std::int64_t> clockInsideAndHere(const MadeByWorker& made, clockid_t clock) {
    const auto now = [clock] {
        timespec time{};
        ::clock_gettime(clock, &time);
        return time.tv_sec;
    };
    const auto there = inside(made, {NamespaceType::Time}, [&] { return std::to_string(now()); });
    return {std::stoll(there), now()};
}

TEST_F(Contents, OffsetsMoveTheClocks) {
    WorkerProcess worker;
    auto spec = specOf({NamespaceType::Time});
    spec.monotonicOffset = 1'000'000'000'000;
    spec.boottimeOffset = 2'000'000'000'000;
    const auto made = worker.make(spec);
    const auto [monotonic, monotonicHere] = clockInsideAndHere(made, CLOCK_MONOTONIC);
    EXPECT_NEAR(static_cast<double>(monotonic - monotonicHere), 1000, 2);
    const auto [boottime, boottimeHere] = clockInsideAndHere(made, CLOCK_BOOTTIME);
    EXPECT_NEAR(static_cast<double>(boottime - boottimeHere), 2000, 2);
}

TEST_F(Contents, ANegativeOffsetWithAFractionIsOnlySetOnItsClock) {
    WorkerProcess worker;
    auto spec = specOf({NamespaceType::Time});
    spec.monotonicOffset = -1'500'000'000;
    const auto made = worker.make(spec);
    const auto offsets = fileInside(made, NamespaceType::Time, "/proc/self/timens_offsets");
    EXPECT_NE(offsets.find("-2 500000000"), std::string::npos) << offsets;
    const auto [boottime, here] = clockInsideAndHere(made, CLOCK_BOOTTIME);
    EXPECT_NEAR(static_cast<double>(boottime - here), 0, 1);
}

TEST_F(Contents, AnOffsetBeforeBootIsNamed) {
    WorkerProcess worker;
    auto spec = specOf({NamespaceType::Time});
    spec.boottimeOffset = -4'000'000'000'000'000'000;
    const auto text = errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(worker.make(spec)); });
    EXPECT_NE(text.find("boottime offset of -4000000000000000000 ns"), std::string::npos) << text;
}

} // namespace
} // namespace nsd::test
