// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl's way into namespaces, against namespaces that no nsd made.
#include "tests/kernel/entered_process.hpp"
#include "tests/support/require.hpp"
#include "tests/support/temp_dir.hpp"

#include <csignal>
#include <grp.h>
#include <gtest/gtest.h>
#include <linux/close_range.h>
#include <optional>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::test {
namespace {

using client::EnterRequest;
using client::User;
using Type = NamespaceType;
using Words = std::vector<std::string>;

constexpr uid_t owner = 4321;

void becomeOwner() {
    static_cast<void>(::setresgid(owner, owner, owner));
    static_cast<void>(::setresuid(owner, owner, owner));
}

constexpr auto subordinate = "0 100000 65536";

class ClientEnter : public ::testing::Test {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }

    static EnterRequest request(const NamespaceHome& home, NamespaceTypes types,
        const std::vector<std::string>& command, const std::optional<User>& user = std::nullopt) {
        return {{}, {home.open(types), {}}, user, command, false};
    }
    static EnterRequest shell(const NamespaceHome& home, NamespaceTypes types, const std::string& script) {
        return request(home, types, {"/bin/sh", "-c", script});
    }
};

TEST_F(ClientEnter, TheCommandIsInEachOfTheTypes) {
    const NamespaceHome home(NamespaceTypes::all(), subordinate);
    EnteredProcess entered(shell(home, NamespaceTypes::all(),
        "mount -t proc proc /proc; for t in cgroup ipc mnt net pid time user uts; do readlink "
        "/proc/self/ns/$t; done"));
    for (const auto type : allNamespaceTypes)
        EXPECT_EQ(entered.readLine(), home.link(type));
    EXPECT_EQ(entered.exitStatus(), 0);
}

TEST_F(ClientEnter, TypesThatAreNotAskedForStay) {
    const NamespaceHome home({Type::Net, Type::Uts});
    EnteredProcess entered(shell(home, {Type::Uts}, "readlink /proc/self/ns/net /proc/self/ns/uts"));
    EXPECT_NE(entered.readLine(), home.link(Type::Net));
    EXPECT_EQ(entered.readLine(), home.link(Type::Uts));
}

TEST_F(ClientEnter, OnlyPidForks) {
    const NamespaceHome home({Type::Net, Type::Mnt, Type::Uts});
    EnteredProcess entered(shell(home, {Type::Net, Type::Mnt, Type::Uts}, "echo $$"));
    EXPECT_EQ(entered.readLine(), std::to_string(entered.pid()));
}

TEST_F(ClientEnter, PidWithoutMntShowsTheProcessesInside) {
    const NamespaceHome home({Type::Pid});
    EnteredProcess entered(shell(home, {Type::Pid}, "echo $$; readlink /proc/self; cd /proc; echo [0-9]*"));
    const auto own = entered.readLine();
    EXPECT_LT(std::stoi(own), 10);
    EXPECT_NE(entered.readLine(), "");
    EXPECT_EQ(entered.readLine().rfind("1 " + own, 0), 0U);
    EXPECT_EQ(entered.exitStatus(), 0);
    EXPECT_EQ(readFile("/proc/self/stat").rfind(std::to_string(::getpid()), 0), 0U)
        << "the host's /proc is as it was";
}

TEST_F(ClientEnter, ExitStatusAndSignalOfAChildArePassedOn) {
    const NamespaceHome home({Type::Pid});
    EXPECT_EQ(EnteredProcess(shell(home, {Type::Pid}, "exit 42")).exitStatus(), 42);
    EXPECT_EQ(EnteredProcess(shell(home, {Type::Pid}, "kill -TERM $$")).exitStatus(), 128 + SIGTERM);
}

TEST_F(ClientEnter, CommandsThatCannotRunAre126And127) {
    const NamespaceHome plain({Type::Net});
    const NamespaceHome forking({Type::Pid});
    for (const auto& [home, type] : {std::pair{&plain, Type::Net}, std::pair{&forking, Type::Pid}}) {
        EnteredProcess missing(request(*home, {type}, {"no-such-command"}));
        EXPECT_EQ(
            missing.readAll(), "nsctl: exec test: execute \"no-such-command\": No such file or directory");
        EXPECT_EQ(missing.exitStatus(), 127);
        EXPECT_EQ(EnteredProcess(request(*home, {type}, {"/etc/passwd"})).exitStatus(), 126);
    }
}

TEST_F(ClientEnter, SignalsReachTheCommand) {
    const NamespaceHome home({Type::Pid});
    EnteredProcess entered(shell(
        home, {Type::Pid}, "trap 'echo got it; exit 7' TERM; echo ready; sleep 1000 >/dev/null 2>&1 & wait"));
    ASSERT_EQ(entered.readLine(), "ready");
    ::kill(entered.pid(), SIGTERM);
    EXPECT_EQ(entered.readLine(), "got it");
    EXPECT_EQ(entered.exitStatus(), 7);
}

TEST_F(ClientEnter, StopsWithTheCommandAndGoesOnWithIt) {
    const NamespaceHome home({Type::Pid});
    EnteredProcess entered(shell(home, {Type::Pid}, "kill -STOP $$; echo on"));
    ASSERT_TRUE(entered.waitUntilStopped());
    ::kill(entered.pid(), SIGCONT);
    EXPECT_EQ(entered.readLine(), "on");
    EXPECT_EQ(entered.exitStatus(), 0);
}

TEST_F(ClientEnter, MaskAndDispositionsAreThoseOfTheCaller) {
    const NamespaceHome home({Type::Pid});
    const auto prepare = [] {
        ::signal(SIGCHLD, SIG_IGN);
        ::signal(SIGHUP, SIG_IGN);
        sigset_t set{};
        ::sigemptyset(&set);
        ::sigaddset(&set, SIGUSR2);
        ::sigprocmask(SIG_SETMASK, &set, nullptr);
    };
    EnteredProcess entered(
        request(home, {Type::Pid}, {"grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"}), prepare);
    EXPECT_EQ(entered.readLine(), "SigBlk:\t0000000000000800");
    EXPECT_EQ(entered.readLine(), "SigIgn:\t0000000000010001");
    EXPECT_EQ(entered.exitStatus(), 0);
}

TEST_F(ClientEnter, KeepsTheUsersDescriptorsAndLeaksNone) {
    const auto giveOne = [] { // and nothing that the test itself was given
        ::syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC);
        ::dup2(STDIN_FILENO, 50);
    };
    for (const auto type : {Type::Net, Type::Pid}) {
        const NamespaceHome home({type});
        auto wanted = request(home, {type}, {"ls", "/proc/self/fd"}); // 3 is ls's own
        auto closing = request(home, {type}, {"ls", "/proc/self/fd"});
        closing.closeFds = true;
        EXPECT_EQ(EnteredProcess(std::move(wanted), giveOne).readAll(), "0\n1\n2\n3\n50");
        EXPECT_EQ(EnteredProcess(std::move(closing), giveOne).readAll(), "0\n1\n2\n3");
    }
}

TEST_F(ClientEnter, TheDirectoryIsKeptWhereItIsInside) {
    const NamespaceHome home({Type::Mnt});
    EnteredProcess kept(request(home, {Type::Mnt}, {"pwd"}), [] { static_cast<void>(::chdir("/usr/lib")); });
    EXPECT_EQ(kept.readAll(), "/usr/lib");
    const auto hide = [] {
        // A directory that is in this process's mount namespace alone.
        static_cast<void>(::unshare(CLONE_NEWNS));
        static_cast<void>(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr));
        static_cast<void>(::mount("tmpfs", "/mnt", "tmpfs", 0, nullptr));
        static_cast<void>(::mkdir("/mnt/only-here", 0755));
        static_cast<void>(::chdir("/mnt/only-here"));
    };
    EnteredProcess lost(request(home, {Type::Mnt}, {"pwd"}), hide);
    EXPECT_EQ(lost.readAll(), "/");
}

TEST_F(ClientEnter, RootIsRootInsideAndNobodyOutside) {
    const TempDir directory;
    const auto file = directory / "of-root";
    writeFile(file, "untouched");
    ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
    const NamespaceHome home({Type::User, Type::Mnt}, subordinate);
    EnteredProcess entered(shell(home, {Type::User, Type::Mnt},
        "id -u; id -G; grep CapEff /proc/self/status; echo overwritten 2>/dev/null >" + file.string() +
            "; echo $?"));
    EXPECT_EQ(entered.readLine(), "0");
    EXPECT_EQ(entered.readLine(), "0");
    EXPECT_NE(entered.readLine(), "CapEff:\t0000000000000000") << "root inside has its capabilities";
    EXPECT_NE(entered.readLine(), "0");
    EXPECT_EQ(readFile(file), "untouched");
}

TEST_F(ClientEnter, AUserInsideHasNoCapabilities) {
    const NamespaceHome home({Type::User}, subordinate);
    EnteredProcess entered(request(home, {Type::User},
        {"/bin/sh", "-c", "id -u; id -g; grep CapEff /proc/self/status"}, User{5, 6, {6}}));
    EXPECT_EQ(entered.readLine(), "5");
    EXPECT_EQ(entered.readLine(), "6");
    EXPECT_EQ(entered.readLine(), "CapEff:\t0000000000000000");
}

TEST_F(ClientEnter, NoProgramStartsWithAnUnmappedId) {
    const NamespaceHome home({Type::User, Type::Pid}, "1000 1000 1");
    for (const auto types : {NamespaceTypes{Type::User}, NamespaceTypes{Type::User, Type::Pid}}) {
        EnteredProcess entered(request(home, types, {"echo", "started"}));
        const auto text = entered.readAll();
        EXPECT_NE(text.find("uid 0 does not exist in its user namespace, which maps 1000"), std::string::npos)
            << text;
        EXPECT_EQ(text.find("started"), std::string::npos);
        EXPECT_EQ(text.find("traced"), std::string::npos) << text;
        EXPECT_EQ(entered.exitStatus(), 125);
    }
    EnteredProcess entered(request(home, {Type::User}, {"id", "-u"}, User{1000, 1000, {1000}}));
    EXPECT_EQ(entered.readAll(), "1000");
}

// A host where programs that changed their ids may be looked into; as it was, at the end.
class SuidDumpable {
  public:
    SuidDumpable() : before_(readFile(file)) { writeFile(file, "1"); }
    ~SuidDumpable() { writeFile(file, before_); }
    SuidDumpable(const SuidDumpable&) = delete;
    SuidDumpable& operator=(const SuidDumpable&) = delete;

  private:
    static constexpr auto file = "/proc/sys/fs/suid_dumpable";
    std::string before_;
};

TEST_F(ClientEnter, NobodyInsideCanTraceItOnceItHasJoinedTheirUserNamespace) {
    const SuidDumpable host;
    const NamespaceHome home({Type::User}, "1000 1000 1", owner);
    EnteredProcess entered(request(home, {Type::User}, {"echo", "started"}));
    const auto text = entered.readAll();
    EXPECT_NE(text.find("uid 0 does not exist"), std::string::npos) << text;
    EXPECT_EQ(text.find("traced"), std::string::npos) << text;
}

TEST_F(ClientEnter, ItStillEndsWithItsParentAsItWasToldTo) {
    const NamespaceHome home({Type::User}, "0 4321 1", owner);
    const NamespaceHome plain({Type::Net});
    const auto tell = [] { ::prctl(PR_SET_PDEATHSIG, SIGUSR1); };
    const Words command{"setpriv", "--dump"};
    EnteredProcess inside(request(home, {Type::User}, command), tell);
    EXPECT_NE(inside.readAll().find("Parent death signal: USR1"), std::string::npos);
    EnteredProcess asAnother(request(plain, {Type::Net}, command, User{33, 33, {33}}), tell);
    EXPECT_NE(asAnother.readAll().find("Parent death signal: USR1"), std::string::npos);
}

TEST_F(ClientEnter, RootsGroupsDoNotComeAlong) {
    const NamespaceHome home({Type::User}, subordinate);
    const gid_t disk = 6;
    EnteredProcess entered(request(home, {Type::User}, {"id", "-G"}), [&] { ::setgroups(1, &disk); });
    EXPECT_EQ(entered.readAll(), "0");
    const NamespaceHome denying({Type::User}, "0 4321 1", owner); // setgroups(2) is denied inside
    EnteredProcess denied(request(denying, {Type::User}, {"id", "-G"}), [&] { ::setgroups(1, &disk); });
    EXPECT_EQ(denied.readAll(), "0");
}

TEST_F(ClientEnter, WithoutAUserNamespaceAUserIsTheHosts) {
    const NamespaceHome home({Type::Net});
    EnteredProcess entered(
        request(home, {Type::Net}, {"/bin/sh", "-c", "id -u; id -g; id -G"}, User{1234, 1235, {1235, 7}}));
    EXPECT_EQ(entered.readLine(), "1234");
    EXPECT_EQ(entered.readLine(), "1235");
    EXPECT_EQ(entered.readLine(), "1235 7");
}

TEST_F(ClientEnter, AForeignMntOrPidNeedsItsUser) {
    const NamespaceHome home({Type::User, Type::Mnt, Type::Pid, Type::Net}, subordinate);
    for (const auto type : {Type::Mnt, Type::Pid}) {
        EnteredProcess entered(request(home, {type}, {"echo", "started"}));
        const auto text = entered.readAll();
        EXPECT_NE(text.find("belongs to a user namespace"), std::string::npos) << text;
        EXPECT_EQ(entered.exitStatus(), 125);
    }
    EnteredProcess entered(request(home, {Type::Net}, {"echo", "started"}));
    EXPECT_EQ(entered.readAll(), "started");
}

TEST_F(ClientEnter, AnOwnerWithoutPrivilegesJoinsAsHimself) {
    const NamespaceHome home({Type::User, Type::Net}, "4321 4321 1", owner);
    EnteredProcess entered(
        shell(home, {Type::User, Type::Net}, "id -u; readlink /proc/self/ns/net"), becomeOwner);
    EXPECT_EQ(entered.readLine(), "4321");
    EXPECT_EQ(entered.readLine(), home.link(Type::Net));
    const NamespaceHome others({Type::User, Type::Net}, "0 0 1", owner);
    EnteredProcess unmapped(request(others, {Type::User, Type::Net}, {"echo", "started"}), becomeOwner);
    EXPECT_EQ(unmapped.readAll(), "your uid 4321 is not mapped into its user namespace, which maps 0");
}

TEST_F(ClientEnter, AStrangerHasNoWayIn) {
    const NamespaceHome home({Type::User, Type::Net}, "0 0 1");
    EnteredProcess stranger(request(home, {Type::User, Type::Net}, {"echo", "started"}), becomeOwner);
    EXPECT_EQ(stranger.readAll(), "join its user: Operation not permitted");
    EXPECT_EQ(stranger.exitStatus(), 125);
}

TEST_F(ClientEnter, ADeadInitIsNamed) {
    NamespaceHome home({Type::Pid});
    auto wanted = request(home, {Type::Pid}, {"true"});
    home.killInit();
    EnteredProcess entered(std::move(wanted));
    EXPECT_EQ(entered.readAll(), "process 1 of its pid namespace is dead, so nothing can be started in it");
    EXPECT_EQ(entered.exitStatus(), 125);
}

TEST_F(ClientEnter, ADescriptorOfAnotherTypeIsRefused) {
    const NamespaceHome home({Type::Net, Type::Uts});
    auto fds = home.open({Type::Net});
    EnterRequest wrong;
    wrong.command = {"echo", "started"};
    wrong.entrance.fds[Type::Uts] = std::move(fds[Type::Net]);
    EnteredProcess entered(std::move(wrong));
    EXPECT_EQ(entered.readAll(), "nsd sent a namespace of type net as uts\nand it can be traced");
}

} // namespace
} // namespace nsd::test
