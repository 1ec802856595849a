// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How the kernel tells of the death of a namespace: by nsfs handle or mount namespace id (new), by the
// id that a network namespace has in ours (old).
#include "daemon/kernel/liveness.hpp"
#include "daemon/kernel/nsid_watch.hpp"
#include "daemon/kernel/rtnetlink.hpp"
#include "tests/kernel/linux_kernel_fixture.hpp"
#include "tests/support/require.hpp"

#include <fcntl.h>
#include <filesystem>
#include <iterator>
#include <sched.h>
#include <string>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::test {
namespace {

// A fresh namespace that this descriptor alone holds.
UniqueFd fresh(NamespaceType type) {
    std::array<int, 2> done{};
    std::array<int, 2> leave{};
    if (::pipe2(done.data(), O_CLOEXEC) != 0 || ::pipe2(leave.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("pipe2");
    const UniqueFd made(done[0]);
    UniqueFd tell(done[1]);
    const UniqueFd stay(leave[0]);
    UniqueFd end(leave[1]);
    const pid_t child = ::fork();
    if (child == 0) {
        char byte = 0;
        end.reset();
        if (::unshare(cloneFlag(type)) != 0 || ::write(tell.get(), &byte, 1) != 1)
            ::_exit(1);
        static_cast<void>(::read(stay.get(), &byte, 1));
        ::_exit(0);
    }
    tell.reset();
    char byte = 0;
    static_cast<void>(::read(made.get(), &byte, 1));
    const auto path = "/proc/" + std::to_string(child) + "/ns/" + std::string(procFileAfterUnshare(type));
    UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    end.reset();
    ::waitpid(child, nullptr, 0);
    return fd;
}

// All rtnetlink sockets of this process get the smallest buffer that there is.
void shrinkNetlinkBuffers() {
    constexpr int highest = 64;
    for (int fd = 0; fd < highest; ++fd) {
        int domain = 0;
        socklen_t length = sizeof domain;
        const int smallest = 1;
        if (::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 && domain == AF_NETLINK)
            ::setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &smallest, sizeof smallest);
    }
}

class LivenessTest : public testing::TestWithParam<NamespaceType> {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }
};

TEST_P(LivenessTest, SeesTheNamespaceLiveAndDieWithoutHoldingIt) {
    auto fd = fresh(GetParam());
    ASSERT_TRUE(fd);
    const auto liveness = Liveness::of(fd.get(), GetParam());
    if (!liveness) {
        EXPECT_FALSE(kernelTellsOfDeath());
        return;
    }
    EXPECT_EQ(liveness->state(), Liveness::State::Alive);
    fd.reset();
    TurnedLoop loop;
    EXPECT_TRUE(loop.turnUntil([&] { return liveness->state() == Liveness::State::Gone; }));
}

INSTANTIATE_TEST_SUITE_P(Types, LivenessTest,
    testing::Values(NamespaceType::Cgroup, NamespaceType::Ipc, NamespaceType::Mnt, NamespaceType::Net,
        NamespaceType::Time, NamespaceType::User, NamespaceType::Uts),
    [](const auto& type) { return std::string(toWord(type.param)); });

TEST(LivenessWithoutDescriptorsTest, AsksAgainInsteadOfGuessing) {
    NSD_REQUIRE_ROOT();
    const auto fd = fresh(NamespaceType::Uts);
    const auto liveness = Liveness::of(fd.get(), NamespaceType::Uts);
    if (!liveness) {
        EXPECT_FALSE(kernelTellsOfDeath());
        return;
    }
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    const rlimit none{0, limit.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const auto state = liveness->state();
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    EXPECT_EQ(state, Liveness::State::Busy);
}

class NsidWatchTest : public testing::Test {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }
    TurnedLoop loop_;
    NsidWatch watch_{loop_.loop()};
};

TEST_F(NsidWatchTest, TellsOfTheDeathOfANetworkNamespace) {
    auto fd = fresh(NamespaceType::Net);
    bool told = false;
    const auto ticket = watch_.watch(fd.get(), [&] { told = true; });
    loop_.turnAll();
    EXPECT_FALSE(told);
    EXPECT_FALSE(ticket->dead());
    fd.reset();
    EXPECT_TRUE(loop_.turnUntil([&] { return told; }));
    EXPECT_TRUE(ticket->dead());
}

TEST_F(NsidWatchTest, TellsEachOfManyOfItsOwn) {
    constexpr std::size_t count = 20;
    std::vector<UniqueFd> fds;
    std::vector<std::unique_ptr<NsidWatch::Ticket>> tickets;
    for (std::size_t i = 0; i < count; ++i) {
        fds.push_back(fresh(NamespaceType::Net));
        tickets.push_back(watch_.watch(fds.back().get(), [] {}));
    }
    for (std::size_t i = 0; i < count; i += 2)
        fds[i].reset();
    for (std::size_t i = 0; i < count; i += 2)
        EXPECT_TRUE(loop_.turnUntil([&] { return tickets[i]->dead(); })) << i;
    for (std::size_t i = 1; i < count; i += 2)
        EXPECT_FALSE(tickets[i]->dead()) << i;
}

TEST_F(NsidWatchTest, ListensOnlyWhileSomebodyWaits) {
    const auto openFds = [] {
        return std::distance(
            std::filesystem::directory_iterator("/proc/self/fd"), std::filesystem::directory_iterator());
    };
    const auto fd = fresh(NamespaceType::Net);
    const auto before = openFds();
    for (int i = 0; i < 2; ++i) {
        auto ticket = watch_.watch(fd.get(), [] {});
        EXPECT_EQ(openFds(), before + 1);
        ticket.reset();
        EXPECT_EQ(openFds(), before);
    }
    const UniqueFd none(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_THROW(static_cast<void>(watch_.watch(none.get(), [] {})), Error);
    EXPECT_EQ(openFds(), before + 1) << "that of /dev/null alone";
}

TEST_F(NsidWatchTest, ATicketThatIsGivenBackIsNotTold) {
    auto fd = fresh(NamespaceType::Net);
    bool told = false;
    auto ticket = watch_.watch(fd.get(), [&] { told = true; });
    ticket.reset();
    auto next = fresh(NamespaceType::Net);
    bool nextTold = false;
    const auto other = watch_.watch(next.get(), [&] { nextTold = true; });
    fd.reset();
    next.reset();
    EXPECT_TRUE(loop_.turnUntil([&] { return nextTold; }));
    EXPECT_FALSE(told);
}

// The daemon numbers each namespace that it makes, and may do so before it reads of a death.
TEST_F(NsidWatchTest, ANumberThatIsGivenAgainTellsOfADeath) {
    auto fd = fresh(NamespaceType::Net);
    const auto ticket = watch_.watch(fd.get(), [] {});
    const auto number = rtnetlink::assignNsid(fd.get());
    fd.reset();
    std::vector<UniqueFd> next; // each has the lowest that is free
    TurnedLoop elsewhere;
    ASSERT_TRUE(elsewhere.turnUntil([&] {
        next.push_back(fresh(NamespaceType::Net));
        return rtnetlink::assignNsid(next.back().get()) == number;
    }));
    EXPECT_TRUE(loop_.turnUntil([&] { return ticket->dead(); }, std::chrono::seconds(5)));
}

TEST_F(NsidWatchTest, NewsThatWereLostAreAskedFor) {
    auto first = fresh(NamespaceType::Net);
    const auto ticket = watch_.watch(first.get(), [] {});
    auto living = fresh(NamespaceType::Net);
    const auto alive = watch_.watch(living.get(), [] {});
    // More news than its socket can take, unread; those of the death come last and are lost. They were
    // sent when somebody else has heard of it.
    shrinkNetlinkBuffers();
    TurnedLoop elsewhere;
    NsidWatch observer(elsewhere.loop());
    const auto seen = observer.watch(first.get(), [] {});
    for (int i = 0; i < 30; ++i)
        static_cast<void>(observer.watch(fresh(NamespaceType::Net).get(), [] {}));
    first.reset();
    ASSERT_TRUE(elsewhere.turnUntil([&] { return seen->dead(); }));
    EXPECT_TRUE(loop_.turnUntil([&] { return ticket->dead(); }));
    EXPECT_FALSE(alive->dead());
}

} // namespace
} // namespace nsd::test
