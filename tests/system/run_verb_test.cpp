// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl run, beside unshare(1), and what of its caller's does not reach the command.
#include "common/pipe.hpp"
#include "common/unique_fd.hpp"
#include "tests/support/ordinary_users.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <functional>
#include <string>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::test {
namespace {

using namespace std::chrono_literals;

std::string nsctlProgram() {
    return TestDaemon::binary("nsctl").string();
}

// Which namespaces are not the test's, who the command is, and what process.
constexpr auto probe = R"sh(
for type in cgroup ipc mnt net pid time user uts; do
    [ "$(readlink /proc/self/ns/$type)" = "$(eval echo \$$type)" ] || echo fresh $type
done
echo uid $(id -u) gid $(id -g)
[ $$ != 1 ] || echo process 1, of $(ls -d /proc/[0-9]* | wc -l)
cat /proc/self/setgroups /proc/self/uid_map /proc/self/gid_map
hostname
)sh";

class RunVerb : public UserTest {
  protected:
    // The probe in what `line` makes, told what the test's own namespaces are.
    static std::string probeIn(Arguments line, std::optional<uid_t> user = {}) {
        CommandOptions options;
        options.user = user;
        for (const auto* type : {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"}) {
            std::array<char, 64> link{};
            const auto path = std::string("/proc/self/ns/") + type;
            if (::readlink(path.c_str(), link.data(), link.size() - 1) > 0)
                options.environment[type] = link.data();
        }
        for (const auto* word : {"sh", "-c", probe})
            line.emplace_back(word);
        return mustRun(line, options);
    }
    static std::string run(const Arguments& options, std::optional<uid_t> user = {}) {
        Arguments line{nsctlProgram(), "run"};
        line.insert(line.end(), options.begin(), options.end());
        line.emplace_back("--");
        return probeIn(line, user);
    }
    static std::string unshare(const Arguments& options, std::optional<uid_t> user = {}) {
        Arguments line{"unshare"};
        line.insert(line.end(), options.begin(), options.end());
        return probeIn(line, user);
    }
    // `nsctl run WORDS` by a process that first does `before`; answers it while it runs.
    static pid_t startAfter(const std::function<void()>& before, const Arguments& words) {
        const pid_t child = ::fork();
        if (child != 0)
            return child;
        before();
        Arguments line{nsctlProgram(), "run"};
        line.insert(line.end(), words.begin(), words.end());
        std::vector<char*> argv;
        for (auto& word : line)
            argv.push_back(word.data());
        argv.push_back(nullptr);
        ::execv(argv.front(), argv.data());
        ::_exit(99);
    }
    static int waitFor(pid_t child) {
        int status = 0;
        ::waitpid(child, &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
};

TEST_F(RunVerb, MakesWhatUnshareMakes) {
    EXPECT_EQ(run({"-t", "net"}), unshare({"--net"}));
    EXPECT_EQ(run({"-t", "uts"}), unshare({"--uts"}));
    EXPECT_EQ(run({"-t", "ipc"}), unshare({"--ipc"}));
    EXPECT_EQ(run({"-t", "mnt"}), unshare({"--mount"}));
    EXPECT_EQ(run({"-t", "cgroup"}), unshare({"--cgroup"}));
    EXPECT_EQ(run({"-t", "time"}), unshare({"--time", "--fork"}));
    EXPECT_EQ(run({"-t", "pid"}), unshare({"--pid", "--fork", "--mount-proc"}));
    EXPECT_EQ(run({"-t", "user"}), unshare({"--user", "--map-root-user"}));
    EXPECT_EQ(run({"-t", "all"}), unshare({"--net", "--uts", "--ipc", "--mount", "--cgroup", "--time",
                                      "--pid", "--user", "--map-root-user", "--fork", "--mount-proc"}));
}

TEST_F(RunVerb, MakesWhatUnshareMakesForWhoIsNotRoot) {
    EXPECT_EQ(run({"-t", "net"}, user), unshare({"--net", "--user", "--map-root-user"}, user));
    EXPECT_EQ(
        run({"-t", "uts", "--map-current"}, user), unshare({"--uts", "--user", "--map-current-user"}, user));
    EXPECT_EQ(run({"-t", "pid,mnt"}, user),
        unshare({"--pid", "--mount", "--user", "--map-root-user", "--fork", "--mount-proc"}, user));
}

TEST_F(RunVerb, MapsRangesFromOutside) {
    const auto ids = run({"-t", "user", "--uid-map", "0:100000:10", "--gid-map", "0:200000:10"});
    EXPECT_NE(ids.find("uid 0 gid 0"), std::string::npos) << ids;
    EXPECT_NE(ids.find("100000"), std::string::npos) << ids;
    // Nobody else's ids: newuidmap(1) says no.
    NSD_REQUIRE_PROGRAM("newuidmap");
    CommandOptions options;
    options.user = user;
    const auto refused =
        test::run({nsctlProgram(), "run", "-t", "net", "--uid-map", "0:0:1", "true"}, options);
    EXPECT_EQ(refused.status, 125);
    EXPECT_NE(refused.err.find("newuidmap"), std::string::npos) << refused.err;
}

TEST_F(RunVerb, ACommandWhoseOwnIdIsNotMappedIsRootInside) {
    const auto id = mustRun({nsctlProgram(), "run", "-t", "user", "--uid-map", "0:100000:10", "--gid-map",
        "0:100000:10", "--", "sh", "-c", "id -u; stat -c %u /proc/self/"});
    EXPECT_EQ(id, "0\n0");
    // What is root's stays closed to it.
    const TempDir directory;
    const auto file = (directory / "secret").string();
    writeFile(file, "");
    ::chmod(directory.path().c_str(), 0755);
    ::chmod(file.c_str(), 0600);
    EXPECT_NE(test::run({nsctlProgram(), "run", "-t", "user", "--uid-map", "0:100000:10", "--gid-map",
                            "0:100000:10", "cat", file})
                  .status,
        0);
}

TEST_F(RunVerb, SetsNamesAndClocksAndBringsLoUp) {
    EXPECT_EQ(mustRun({nsctlProgram(), "run", "-t", "uts", "--hostname", "inside", "hostname"}), "inside");
    EXPECT_EQ(mustRun({nsctlProgram(), "run", "-t", "time", "--boottime=-1s", "--monotonic", "1min", "--",
                  "cat", "/proc/self/timens_offsets"}),
        "monotonic          60         0\nboottime           -1         0");
    EXPECT_NE(mustRun({nsctlProgram(), "run", "-t", "net", "--", "ip", "link"}).find("LOOPBACK,UP"),
        std::string::npos);
}

TEST_F(RunVerb, NoDescriptorAboveTwoAndWithCloseAllNoneSurvives) {
    const TempDir directory;
    CommandOptions options;
    const UniqueFd open(::open("/etc/passwd", O_RDONLY)); // NOLINT: not O_CLOEXEC, that is the matter
    options.descriptors[7] = open.get();
    const std::string list = "ls /proc/self/fd"; // and 3 is that of ls itself
    EXPECT_EQ(test::run({nsctlProgram(), "run", "-t", "net", "sh", "-c", list}, options).out, "0\n1\n2\n3\n");
    EXPECT_EQ(test::run({nsctlProgram(), "run", "-t", "pid", "sh", "-c", list}, options).out, "0\n1\n2\n3\n");
    const auto file = (directory / "fds").string();
    // The first that the shell opens is number 0: it had none.
    mustRun({nsctlProgram(), "run", "-t", "net", "--close-all", "--", "sh", "-c",
                "readlink /proc/$$/fd/* > " + file + "; true"},
        options);
    EXPECT_EQ(mustRun({"cat", file}), "");
}

TEST_F(RunVerb, SemaphoresToUndoAndLocksAreGivenBackAtOnce) {
    const int semaphore = ::semget(IPC_PRIVATE, 1, 0600);
    ASSERT_GE(semaphore, 0);
    const TempDir directory;
    const UniqueFd file(::open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    auto [reading, writing] = makePipe("of a test");
    const int out = writing.get();
    const auto before = [&] {
        sembuf up{0, 5, SEM_UNDO};
        ::semop(semaphore, &up, 1);
        ::dup2(file.get(), STDIN_FILENO);
        struct flock all {};
        all.l_type = F_WRLCK;
        ::fcntl(STDIN_FILENO, F_SETLK, &all);
        ::dup2(out, STDOUT_FILENO);
    };
    const pid_t child = startAfter(before, {"-t", "uts", "sh", "-c", "echo ready; exec sleep 1000"});
    std::array<char, 8> line{};
    writing.reset();
    ASSERT_GT(::read(reading.get(), line.data(), line.size()), 0);
    EXPECT_EQ(::semctl(semaphore, 0, GETVAL), 0);
    struct flock wanted {};
    wanted.l_type = F_WRLCK;
    EXPECT_EQ(::fcntl(file.get(), F_GETLK, &wanted), 0);
    EXPECT_EQ(wanted.l_type, F_UNLCK);
    ::kill(child, SIGKILL);
    waitFor(child);
    ::semctl(semaphore, 0, IPC_RMID);
}

TEST_F(RunVerb, AnswersAsTheCommandEnds) {
    const auto status = [](const Arguments& command, const std::string& types) {
        Arguments line{nsctlProgram(), "run", "-t", types, "--"};
        line.insert(line.end(), command.begin(), command.end());
        return test::run(line).status;
    };
    for (const std::string types : {"uts", "pid"}) {
        EXPECT_EQ(status({"sh", "-c", "exit 7"}, types), 7) << types;
        EXPECT_EQ(status({"nsd-has-no-such-program"}, types), 127) << types;
        EXPECT_EQ(status({"/etc/passwd"}, types), 126) << types;
    }
    EXPECT_EQ(status({"sh", "-c", "kill -TERM $$"}, "uts"), 128 + SIGTERM);
}

TEST_F(RunVerb, EndsProcessOneWithNsctl) {
    auto [reading, writing] = makePipe("of a test");
    const int out = writing.get();
    const pid_t child = startAfter(
        [out] { ::dup2(out, STDOUT_FILENO); }, {"-t", "pid", "sh", "-c", "echo ready; sleep 1000"});
    std::array<char, 8> line{};
    writing.reset();
    ASSERT_GT(::read(reading.get(), line.data(), line.size()), 0);
    ::kill(child, SIGKILL);
    EXPECT_EQ(waitFor(child), 128 + SIGKILL);
    // And so the pipe has no writer; the oracle sees the rest.
    EXPECT_TRUE(eventually([&] { return waitpid(-1, nullptr, WNOHANG) <= 0; }));
}

TEST_F(RunVerb, ANameLastsAsLongAsTheCommand) {
    nsctl({"run", "-t", "net,uts,pid", "--name", "job", "--", "true"});
    EXPECT_TRUE(eventually([&] { return nsctl({"list", "--no-legend"}).empty(); }));
    CommandOptions options;
    options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
    BackgroundProcess command(
        {nsctlProgram(), "run", "-t", "net,uts", "--hostname", "job", "--name", "job", "sleep", "1000"},
        options);
    ASSERT_TRUE(eventually([&] { return daemon().nsctl({"wait", "job", "--timeout=0"}).ok(); }));
    EXPECT_EQ(nsctl({"exec", "job", "hostname"}), "job");
    EXPECT_NE(nsctl({"show", "job"}).find("adopted"), std::string::npos);
    mustDie("job");
    command.signal(SIGTERM);
    EXPECT_EQ(command.wait(10s), 128 + SIGTERM);
    EXPECT_TRUE(eventually([&] { return nsctl({"list", "--no-legend"}).empty(); }));
}

TEST_F(RunVerb, ANameThatIsKeptOutlivesTheCommand) {
    EXPECT_EQ(nsctl({"run", "-t", "uts", "--hostname", "kept", "--name", "job", "--keep", "--", "true"}), "");
    EXPECT_EQ(nsctl({"exec", "job", "hostname"}), "kept");
    mustDie("job");
    destroy("job");
}

TEST_F(RunVerb, AnOwnerNamesWhatIsHis) {
    EXPECT_EQ(mustAs(user, {"run", "-t", "net,uts", "--name", "his", "--keep", "--", "true"}), "");
    EXPECT_NE(mustAs(user, {"show", "his"}).find("www-data"), std::string::npos);
    mustDie("his");
    mustAs(user, {"destroy", "his"});
}

TEST_F(RunVerb, WithoutAName) {
    nsctl({"create", "job", "-t", "uts"});
    const auto taken =
        daemon().nsctl({"run", "-t", "uts", "--name", "job", "--", "touch", "/tmp/nsd-test-ran"});
    EXPECT_EQ(taken.status, 125);
    EXPECT_NE(taken.err.find("\"job\""), std::string::npos) << taken.err;
    EXPECT_NE(::access("/tmp/nsd-test-ran", F_OK), 0) << "the command ran without its name";
    destroy("job");
}

} // namespace
} // namespace nsd::test
