// SPDX-License-Identifier: LGPL-2.1-or-later
// The way of a command into namespaces, also hostile ones.
#include "daemon/protocol/channel.hpp"
#include "daemon/protocol/supervisor_messages.hpp"
#include "tests/kernel/supervisor_fixture.hpp"
#include "tests/support/leak_oracle.hpp"
#include "tests/support/process_table.hpp"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace nsd::test {
namespace {

constexpr uid_t somebody = 1000;
constexpr NamespaceTypes userAlone{NamespaceType::User};

class SupervisorEntry : public SupervisorTest {
  protected:
    MadeByWorker make(NamespaceTypes types, bool rootless = false, bool mapRoot = false) {
        NamespaceSpec spec;
        spec.types = types;
        if (rootless)
            spec.owner = somebody;
        spec.mapRoot = mapRoot;
        return worker_->make(spec);
    }
    static Launch asOwner(Launch launch) {
        launch.command.ids = {somebody, somebody, {somebody, 27}};
        launch.command.keepsCapabilities = false;
        return launch;
    }
    static Launch asRootInside(Launch launch) {
        launch.command.idsAreInside = true;
        return launch;
    }
};

TEST_F(SupervisorEntry, theCommandIsInEachOfTheTypes) {
    const auto types = NamespaceTypes::all();
    const auto made = make(types);
    const auto out = outputOf(asRootInside(launchOf(made, types,
        {"sh", "-c",
            "cd /proc/self/ns; for t in cgroup ipc mnt net pid time user uts; do readlink $t; done"})));
    std::string expected;
    for (const auto& identity : made.identities())
        expected += std::string(toWord(identity.type)) + ":[" + std::to_string(identity.inode) + "]\n";
    EXPECT_EQ(out, expected);
}

TEST_F(SupervisorEntry, typesThatAreNotAskedForStay) {
    const auto made = make({NamespaceType::Net, NamespaceType::Uts});
    EXPECT_EQ(outputOf(launchOf(made, {NamespaceType::Net}, {"readlink", "/proc/self/ns/uts"})),
        "uts:[" + std::to_string(ownNamespace("uts").inode) + "]\n");
}

TEST_F(SupervisorEntry, pidWithoutMntShowsTheProcessesInside) {
    const NamespaceTypes types{NamespaceType::Pid};
    const auto made = make(types);
    // nsd-init, and the shell.
    EXPECT_EQ(outputOf(launchOf(made, types, {"sh", "-c", "cd /proc; echo [0-9]* $$"})), "1 2 2\n");
}

TEST_F(SupervisorEntry, pidWithoutMntButWithUserShowsThemToo) {
    const NamespaceTypes types{NamespaceType::Pid, NamespaceType::User};
    const auto made = make(types, true);
    EXPECT_EQ(outputOf(asOwner(launchOf(made, types, {"sh", "-c", "cd /proc; echo [0-9]* $$"}))), "1 2 2\n");
}

TEST_F(SupervisorEntry, aPrivateProcHasNoPins) {
    const NamespaceTypes types{NamespaceType::Pid};
    const auto made = make(types);
    auto launch = launchOf(made, types, {"grep", "-c", directory_.path().string(), "/proc/self/mounts"});
    ASSERT_EQ(::mount("none", directory_.path().c_str(), "tmpfs", 0, nullptr), 0);
    EXPECT_EQ(outputOf(std::move(launch)), "0\n");
}

TEST_F(SupervisorEntry, theOwnerIsHimselfInsideWithoutCapabilities) {
    const NamespaceTypes types{NamespaceType::User, NamespaceType::Net};
    const auto made = make(types, true);
    EXPECT_EQ(
        outputOf(asOwner(launchOf(made, types, {"sh", "-c", "id -u; id -g; grep CapEff /proc/self/status"}))),
        "1000\n1000\nCapEff:\t0000000000000000\n");
}

TEST_F(SupervisorEntry, theOwnerKeepsHisGroups) {
    // 27 is not mapped, and the kernel still knows it.
    const auto made = make(userAlone, true);
    EXPECT_EQ(outputOf(asOwner(launchOf(made, userAlone, {"grep", "^Groups:", "/proc/self/status"}))),
        "Groups:\t65534 1000 \n");
}

TEST_F(SupervisorEntry, mapRootShowsTheOwnerAsRootWithoutCapabilities) {
    const auto made = make(userAlone, true, true);
    EXPECT_EQ(
        outputOf(asOwner(launchOf(made, userAlone, {"sh", "-c", "id -u; grep CapEff /proc/self/status"}))),
        "0\nCapEff:\t0000000000000000\n");
}

TEST_F(SupervisorEntry, rootInsideIsNotRootOfTheHost) {
    const auto made = make(userAlone, true, true);
    const auto file = directory_ / "roots";
    writeFile(file, "kept");
    ASSERT_EQ(::chmod(file.c_str(), 0644), 0);
    ASSERT_EQ(::chmod(directory_.path().c_str(), 0755), 0);
    const auto out = outputOf(asRootInside(
        launchOf(made, userAlone, {"sh", "-c", "id -u; echo lost > " + file.string() + " || echo refused"})));
    EXPECT_TRUE(out.starts_with("0\n")) << out;
    EXPECT_TRUE(out.ends_with("refused\n")) << out;
    EXPECT_EQ(readFile(file), "kept");
}

TEST_F(SupervisorEntry, whoACommandIsOutsideIsSaidAndWrittenDown) {
    const auto uidOf = [&](Launch launch) {
        const auto uid = start(std::move(launch)).uid;
        EXPECT_EQ(files_->read(lastNumber_).running->uid, uid);
        return uid;
    };
    const auto his = make(userAlone, true, true);
    EXPECT_EQ(uidOf(asRootInside(launchOf(his, userAlone, {"true"}))), somebody);
    EXPECT_EQ(uidOf(asOwner(launchOf(his, userAlone, {"true"}))), somebody);
    EXPECT_EQ(uidOf(asOwner(launchOf({"true"}))), somebody);
    EXPECT_EQ(uidOf(asRootInside(launchOf(make(userAlone), userAlone, {"true"}))), 0U);
    NamespaceSpec shifted;
    shifted.types = userAlone;
    shifted.uidMap = shifted.gidMap = {{0, 100'000, 1000}};
    auto launch = asRootInside(launchOf(worker_->make(shifted), userAlone, {"true"}));
    launch.command.ids.uid = 7;
    EXPECT_EQ(uidOf(std::move(launch)), 100'007U);
}

TEST_F(SupervisorEntry, rootsGroupsStayOutside) {
    const auto made = make(userAlone, true, true);
    auto launch = asRootInside(launchOf(made, userAlone, {"grep", "^Groups:", "/proc/self/status"}));
    launch.command.ids.groups = {0, 6};
    EXPECT_EQ(outputOf(std::move(launch)), "Groups:\t \n");
}

TEST_F(SupervisorEntry, noProgramStartsWithAnUnmappedId) {
    const auto made = make(userAlone, true);
    const auto asRoot = errorOf(asRootInside(launchOf(made, userAlone, {"true"})));
    EXPECT_EQ(asRoot.code(), Errc::InvalidArgument);
    EXPECT_NE(asRoot.text().find("which maps 1000"), std::string::npos) << asRoot.text();
    auto stranger = asOwner(launchOf(made, userAlone, {"true"}));
    stranger.command.ids.uid = 4242;
    EXPECT_EQ(errorOf(std::move(stranger)).code(), Errc::InvalidArgument);
    auto otherGroup = asOwner(launchOf(made, userAlone, {"true"}));
    otherGroup.command.ids.gid = 27;
    EXPECT_EQ(errorOf(std::move(otherGroup)).code(), Errc::InvalidArgument);
}

TEST_F(SupervisorEntry, aDeadPidNamespaceIsNamed) {
    const NamespaceTypes types{NamespaceType::Pid};
    auto made = make(types);
    ::kill(made.initPid, SIGKILL);
    ASSERT_TRUE(loop_.turnUntil([&] { return hasEnded(made.initPidfd.get()); }));
    EXPECT_EQ(errorOf(launchOf(made, types, {"true"})).code(), Errc::Degraded);
}

// Tries to trace every other process than the init in the pid namespace that it is in; says how.
std::string traceNeighbours() {
    constexpr pid_t last = 100;
    for (pid_t pid = 2; pid <= last; ++pid) {
        if (pid == ::getpid() || ::kill(pid, 0) != 0)
            continue;
        if (::ptrace(PTRACE_SEIZE, pid, nullptr, nullptr) == 0)
            return "traced";
        return errno == EPERM ? "refused" : "errno " + std::to_string(errno);
    }
    return "nobody";
}

// That this process has of the same namespace.
std::size_t descriptorsOf(int fd) {
    const auto target = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd));
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        count += std::filesystem::read_symlink(entry.path(), gone) == target ? 1U : 0U;
    }
    return count;
}

// The command's process stands still when it is all but its program: its directory is in a file system
// whose server never answers.
class HangingEntry : public SupervisorEntry {
  protected:
    void SetUp() override {
        deadline_ = std::chrono::seconds(4);
        SupervisorEntry::SetUp();
        if (IsSkipped())
            return;
        NSD_REQUIRE(::access("/dev/fuse", R_OK | W_OK) == 0, "/dev/fuse");
        fuse_.reset(::open("/dev/fuse", O_RDWR | O_CLOEXEC));
        const auto options = "fd=" + std::to_string(fuse_.get()) + ",rootmode=40000,user_id=0,group_id=0";
        ASSERT_EQ(::mount("silent", silent_.path().c_str(), "fuse", 0, options.c_str()), 0);
    }
    void TearDown() override {
        fuse_.reset();
        SupervisorEntry::TearDown();
    }
    TempDir silent_;
    UniqueFd fuse_;
};

TEST_F(HangingEntry, aDaemonThatGoesLeavesNoProcess) {
    LeakOracle oracle;
    auto [ours, theirs] = protocol::socketPair();
    spawner_->start({std::move(theirs), 1, 0, "a test"}, [](const auto& /*outcome*/) {});
    ASSERT_TRUE(protocol::receivePacket(ours.get())); // it is ready
    auto command = launchOf({"true"}).command;
    command.directory = silent_ / "below";
    const auto stateFile = files_->create(1, {Uuid::random()});
    protocol::sendPacket(ours.get(),
        protocol::encode(protocol::SuperviseRequest{command, {}, {}, false, false, "/"}), {stateFile.get()});
    ours.reset();
    EXPECT_TRUE(oracle.clean());
}

// It might drop the last reference to a mount namespace, and wait for the file systems in there.
TEST_F(HangingEntry, whatTheSupervisorHasTheDaemonHasNoMore) {
    const NamespaceTypes types{NamespaceType::Uts};
    const auto made = make(types);
    auto launch = numbered(launchOf(made, types, {"true"}));
    launch.command.directory = silent_ / "below";
    EXPECT_EQ(descriptorsOf(made.fd(NamespaceType::Uts)), 2U);
    Answer<LaunchedProcess> answer;
    launcher_->launch(std::move(launch), answer.completion());
    EXPECT_TRUE(
        loop_.turnUntil([&] { return answer.there() || descriptorsOf(made.fd(NamespaceType::Uts)) == 1; }));
    EXPECT_FALSE(answer.there());
}

TEST_F(HangingEntry, nobodyInsideCanTraceWhoEnters) {
    const NamespaceTypes types{NamespaceType::User, NamespaceType::Pid};
    const auto made = make(types);
    auto launch = asRootInside(launchOf(made, types, {"true"}));
    launch.command.directory = silent_ / "below";
    launch.number = 1;
    launch.stateFile = UniqueFd(::open("/dev/null", O_RDWR | O_CLOEXEC));
    Answer<LaunchedProcess> answer;
    launcher_->launch(std::move(launch), answer.completion());
    std::string seen = "nobody";
    EXPECT_TRUE(loop_.turnUntil([&] {
        seen = inside(made, types, traceNeighbours);
        return seen != "nobody";
    }));
    EXPECT_EQ(seen, "refused");
    // And it is not waited for without end.
    EXPECT_THROW(
        {
            try {
                static_cast<void>(await(loop_, answer));
            } catch (const Error& error) {
                EXPECT_EQ(error.code(), Errc::TimedOut) << error.text();
                throw;
            }
        },
        Error);
}

} // namespace
} // namespace nsd::test
