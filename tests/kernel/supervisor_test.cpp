// SPDX-License-Identifier: LGPL-2.1-or-later
// How a command of Exec is started, what it has and has not, and how its end is known.
#include "daemon/protocol/channel.hpp"
#include "daemon/protocol/supervisor_messages.hpp"
#include "tests/kernel/supervisor_fixture.hpp"
#include "tests/support/leak_oracle.hpp"
#include "tests/support/process_table.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::test {
namespace {

using Supervisor = SupervisorTest;

constexpr uid_t somebody = 1000;

Launch asSomebody(Launch launch) {
    launch.command.ids = {somebody, 1001, {27, 1001}};
    launch.command.keepsCapabilities = false;
    return launch;
}

TEST_F(Supervisor, theCommandHasThreeDescriptors) {
    // ls itself opens the directory that it lists.
    EXPECT_EQ(outputOf(launchOf({"ls", "/proc/self/fd"})), "0\n1\n2\n3\n");
}

TEST_F(Supervisor, whatIsNotGivenIsDevNull) {
    EXPECT_EQ(outputOf(launchOf({"readlink", "/proc/self/fd/0"})), "/dev/null\n");
}

TEST_F(Supervisor, theCommandHasTheIdsOfTheCallerAndNoOther) {
    EXPECT_EQ(outputOf(asSomebody(launchOf({"grep", "-E", "^(Uid|Gid|Groups):", "/proc/self/status"}))),
        "Uid:\t1000\t1000\t1000\t1000\nGid:\t1001\t1001\t1001\t1001\nGroups:\t27 1001 \n");
}

TEST_F(Supervisor, theCommandHasNoCapabilitiesAndGetsNone) {
    EXPECT_EQ(outputOf(asSomebody(
                  launchOf({"grep", "-E", "^(Cap(Inh|Prm|Eff|Amb)|NoNewPrivs):", "/proc/self/status"}))),
        "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"
        "CapAmb:\t0000000000000000\nNoNewPrivs:\t1\n");
}

TEST_F(Supervisor, rootKeepsItsCapabilitiesButGetsNoNewPrivileges) {
    const auto own = mustRun({"grep", "^CapEff:", "/proc/self/status"});
    EXPECT_EQ(outputOf(launchOf({"grep", "-E", "^(CapEff|NoNewPrivs):", "/proc/self/status"})),
        own + "\nNoNewPrivs:\t1\n");
}

TEST_F(Supervisor, theEnvironmentIsExactlyTheList) {
    auto launch = launchOf({"/usr/bin/env"});
    launch.command.environment = {"A=1", "B=two words"};
    EXPECT_EQ(outputOf(std::move(launch)), "A=1\nB=two words\n");
}

TEST_F(Supervisor, theProgramIsFoundInThePathOfItsEnvironment) {
    writeFile(directory_ / "hello", "#!/bin/sh\necho found\n");
    ASSERT_EQ(::chmod((directory_ / "hello").c_str(), 0755), 0);
    auto launch = launchOf({"hello"});
    launch.command.environment = {"PATH=" + directory_.path().string() + ":/usr/bin:/bin"};
    EXPECT_EQ(outputOf(std::move(launch)), "found\n");
}

TEST_F(Supervisor, signalsUmaskAndLimitsAreTheUsualOnes) {
    EXPECT_EQ(
        outputOf(launchOf({"sh", "-c", "grep -E '^Sig(Blk|Ign):' /proc/self/status; umask; ulimit -Sn"})),
        "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0022\n1024\n");
}

TEST_F(Supervisor, theDirectoryIsEnteredAsTheCaller) {
    ASSERT_EQ(::chmod(directory_.path().c_str(), 0700), 0);
    auto launch = launchOf({"pwd"});
    launch.command.directory = directory_.path();
    EXPECT_EQ(outputOf(std::move(launch)), directory_.path().string() + "\n");
    auto closed = asSomebody(launchOf({"pwd"}));
    closed.command.directory = directory_.path();
    const auto error = errorOf(std::move(closed));
    EXPECT_EQ(error.code(), Errc::KernelError);
    EXPECT_EQ(error.errnoValue(), EACCES);
    EXPECT_TRUE(error.text().starts_with("change the directory to ")) << error.text();
}

TEST_F(Supervisor, whatCannotBeExecutedIsAnErrorOfThatStep) {
    const auto missing = errorOf(launchOf({"no-such-program"}));
    EXPECT_EQ(missing.text(), "execute \"no-such-program\": No such file or directory");
    EXPECT_EQ(missing.errnoValue(), ENOENT);
    const auto noProgram = errorOf(launchOf({"/etc/passwd"}));
    EXPECT_EQ(noProgram.text(), "execute \"/etc/passwd\": Permission denied");
    EXPECT_EQ(noProgram.errnoValue(), EACCES);
}

TEST_F(Supervisor, aFailedStartLeavesNoProcess) {
    LeakOracle oracle;
    for (int i = 0; i < 3; ++i)
        static_cast<void>(errorOf(launchOf({"no-such-program"})));
    EXPECT_TRUE(oracle.clean());
}

TEST_F(Supervisor, aTerminalBecomesTheControllingOne) {
    const UniqueFd master(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
    ASSERT_EQ(::grantpt(master.get()) | ::unlockpt(master.get()), 0);
    std::array<char, 64> name{};
    ASSERT_EQ(::ptsname_r(master.get(), name.data(), name.size()), 0);
    auto launch = launchOf({"sh", "-c", "echo to the terminal > /dev/tty"});
    launch.stdio[0].reset(::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    launch.command.terminal = true;
    const auto process = start(std::move(launch));
    std::array<char, 64> said{};
    const auto length = ::read(master.get(), said.data(), said.size());
    ASSERT_GT(length, 0);
    EXPECT_EQ(std::string(said.data(), static_cast<std::size_t>(length)), "to the terminal\r\n");
    EXPECT_EQ(endOf(process)->status, 0);
}

TEST_F(Supervisor, aPipeIsNoTerminal) {
    auto launch = launchOf({"true"});
    launch.command.terminal = true;
    launch.stdio[0].reset(::open("/dev/zero", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(errorOf(std::move(launch)).code(), Errc::InvalidArgument);
}

TEST_F(Supervisor, writesHowTheCommandEnded) {
    const auto end = endOf(start(launchOf({"sh", "-c", "exit 7"})));
    ASSERT_TRUE(end);
    EXPECT_EQ(end->code, CLD_EXITED);
    EXPECT_EQ(end->status, 7);
    EXPECT_GT(end->at.count(), 0);
    const auto killed = endOf(start(launchOf({"sh", "-c", "kill -USR1 $$"})));
    ASSERT_TRUE(killed);
    EXPECT_EQ(killed->code, CLD_KILLED);
    EXPECT_EQ(killed->status, SIGUSR1);
}

TEST_F(Supervisor, writesTheEndAlsoToAFullFileSystem) {
    const auto mounted = directory_ / "full";
    std::filesystem::create_directory(mounted);
    ASSERT_EQ(::mount("none", mounted.c_str(), "tmpfs", 0, "size=64k"), 0);
    files_ =
        std::make_unique<ProcessFiles>(UniqueFd(::open(mounted.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
    auto launch = launchOf({"sh", "-c", "read line; exit 3"});
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    launch.stdio[0].reset(ends[0]);
    UniqueFd hold(ends[1]);
    // Before the command starts, so that neither of its lines finds room.
    launch = numbered(std::move(launch));
    UniqueFd filler(::open((mounted / "filler").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    const std::string page(4096, 'x');
    while (::write(filler.get(), page.data(), page.size()) > 0) {
    }
    const auto process = startNumbered(std::move(launch));
    hold.reset();
    const auto end = endOf(process);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->status, 3);
}

TEST_F(Supervisor, theCommandDiesWithItsSupervisor) {
    const auto process = start(asSomebody(launchOf({"sleep", "1000"})));
    launcher_->signal(process.supervisorPidfd.get(), SIGKILL);
    EXPECT_TRUE(loop_.turnUntil([&] { return hasEnded(process.commandPidfd.get()); }));
}

TEST_F(Supervisor, passesAStopOfItsServiceOn) {
    const auto process = start(launchOf({"sleep", "1000"}));
    launcher_->signal(process.supervisorPidfd.get(), SIGTERM);
    const auto end = endOf(process);
    ASSERT_TRUE(end);
    EXPECT_EQ(end->status, SIGTERM);
}

TEST_F(Supervisor, livesOnWithoutTheDaemonOnceTheCommandRuns) {
    const auto process = start(launchOf({"sleep", "1000"}));
    forgetLauncher();
    loop_.turnAll();
    EXPECT_FALSE(hasEnded(process.commandPidfd.get()));
    ::syscall(SYS_pidfd_send_signal, process.commandPidfd.get(), SIGKILL, nullptr, 0);
    EXPECT_EQ(endOf(process)->status, SIGKILL);
}

TEST_F(Supervisor, aDaemonThatGoesBeforeTheAnswerLeavesNoProcess) {
    LeakOracle oracle;
    Answer<LaunchedProcess> answer;
    launcher_->launch(numbered(launchOf({"sleep", "1000"})), answer.completion());
    forgetLauncher();
    EXPECT_TRUE(oracle.clean());
}

TEST_F(Supervisor, aDaemonThatGoesWithTheRequestUnansweredLeavesNoProcess) {
    LeakOracle oracle;
    auto [ours, theirs] = protocol::socketPair();
    spawner_->start({std::move(theirs), 1, 0, "a test"}, [](const auto& /*outcome*/) {});
    ASSERT_TRUE(protocol::receivePacket(ours.get())); // it is ready
    const auto command = launchOf({"sleep", "1000"}).command;
    const auto stateFile = files_->create(1, {Uuid::random()});
    protocol::sendPacket(ours.get(),
        protocol::encode(protocol::SuperviseRequest{command, {}, {}, false, false, "/"}), {stateFile.get()});
    ours.reset();
    EXPECT_TRUE(oracle.clean());
}

TEST_F(Supervisor, isFoundAgainByPidAndStartTime) {
    const auto process = start(launchOf({"sleep", "1000"}));
    const auto state = files_->read(lastNumber_);
    ASSERT_TRUE(state.running);
    EXPECT_EQ(state.running->command, process.command);
    EXPECT_TRUE(launcher_->find(state.running->command));
    EXPECT_TRUE(launcher_->find(state.running->supervisor));
    auto other = state.running->command;
    ++other.startTime;
    EXPECT_FALSE(launcher_->find(other));
    EXPECT_TRUE(files_->isHeld(lastNumber_));
    launcher_->signal(process.commandPidfd.get(), SIGKILL);
    static_cast<void>(endOf(process));
    EXPECT_FALSE(launcher_->find(state.running->command));
    EXPECT_FALSE(files_->isHeld(lastNumber_));
}

} // namespace
} // namespace nsd::test
