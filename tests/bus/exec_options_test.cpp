// SPDX-License-Identifier: LGPL-2.1-or-later
// What Exec is told beyond the command, and what becomes of the descriptors that come along.
#include "common/pipe.hpp"
#include "tests/bus/exec_fixture.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <stdexcept>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace nsd::test {
namespace {

// By which a copy of the descriptor is known.
std::optional<std::pair<dev_t, ino_t>> idOf(const UniqueFd& fd) {
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0)
        return std::nullopt;
    return std::pair{status.st_dev, status.st_ino};
}

using ExecOptions = Exec;

TEST_F(ExecOptions, everyOptionReachesTheCommand) {
    create("web", {"net", "uts"});
    const auto [readEnd, writeEnd] = makePipe("of a test");
    const UniqueFd file(::open((pins_ / "output").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    const auto answer = execAs(*root_, [&](sd_bus_message* message) {
        words("env", {"A=1"})(message);
        option("cwd", "s", "/tmp")(message);
        option("stdin", "h", readEnd.get())(message);
        option("stderr", "h", file.get())(message);
        option("tty", "b", 1)(message);
        words("types", {"uts"})(message);
        option("uid", "u", somebody)(message);
    });
    ASSERT_EQ(answer->error, "") << answer->text;
    const auto& command = launched().command;
    EXPECT_EQ(command.environment, std::vector<std::string>{"A=1"});
    EXPECT_EQ(command.directory, "/tmp");
    EXPECT_TRUE(command.terminal);
    EXPECT_EQ(command.ids.uid, somebody);
    EXPECT_FALSE(command.keepsCapabilities);
    const auto& given = launcher_->lastDescriptors();
    EXPECT_EQ(given.types, std::vector{NamespaceType::Uts});
    EXPECT_EQ(given.stdio.at(0), idOf(readEnd));
    EXPECT_EQ(given.stdio.at(1), std::nullopt);
    EXPECT_EQ(given.stdio.at(2), idOf(file));
}

TEST_F(ExecOptions, withoutOptionsTheCommandGetsAllTypesAndNoDescriptor) {
    create("web", {"net", "uts"});
    ASSERT_EQ(execAs(*root_)->error, "");
    const auto& given = launcher_->lastDescriptors();
    EXPECT_EQ(given.types, (std::vector{NamespaceType::Net, NamespaceType::Uts}));
    for (const auto& stdio : given.stdio)
        EXPECT_EQ(stdio, std::nullopt);
}

TEST_F(ExecOptions, wrongOptionsAreNamed) {
    create("web", {"net"});
    const UniqueFd path(::open("/dev/null", O_PATH | O_CLOEXEC));
    const auto expect = [&](const Options& options, const std::string& error, const std::string& word) {
        const auto answer = execAs(*root_, options);
        EXPECT_EQ(answer->error, "org.nsd1.Error." + error) << answer->text;
        EXPECT_NE(answer->text.find(word), std::string::npos) << answer->text;
    };
    expect(option("directory", "s", "/"), "InvalidArgument", "\"directory\"");
    expect(option("cwd", "u", 7U), "InvalidArgument", "\"cwd\"");
    expect(option("cwd", "s", "tmp"), "InvalidArgument", "cwd");
    expect(option("tty", "b", 1), "InvalidArgument", "stdin");
    expect(option("stdin", "s", "x"), "InvalidArgument", "\"stdin\"");
    expect(option("stdout", "h", path.get()), "WrongFd", "stdout");
    expect(words("types", {"uts"}), "TypeNotPresent", "uts");
    expect(words("types", {"nonsense"}), "InvalidArgument", "nonsense");
    expect(words("env", {"nonsense"}), "InvalidArgument", "nonsense");
    EXPECT_TRUE(launcher_->launches().empty());
}

TEST_F(ExecOptions, leavesNoDescriptorOpenInTheDaemon) {
    create("web", {"net"});
    const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
    const auto exec = [&](const char* directory) {
        return execAs(*root_, [&](sd_bus_message* message) {
            option("stdin", "h", null.get())(message);
            option("cwd", "s", directory)(message);
        });
    };
    const auto tryAll = [&] {
        EXPECT_EQ(exec("nowhere")->error, "org.nsd1.Error.InvalidArgument");
        launcher_->failNext(Error(Errc::KernelError, "no"));
        EXPECT_EQ(exec("/")->error, "org.nsd1.Error.KernelError");
        const auto path = started(exec("/"));
        const auto end = root_->start(path, "org.nsd1.Process", "Wait", BusClient::filled(""));
        launcher_->end(launcher_->lastPid(), CLD_EXITED, 0);
        root_->turnUntil([&] { return end->done; });
        settle();
    };
    tryAll();
    const auto before = countOpenFds();
    constexpr std::size_t times = 50;
    for (std::size_t i = 0; i < times; ++i)
        tryAll();
    EXPECT_EQ(countOpenFds(), before + 2 * times) << "the launcher keeps two of each process";
}

} // namespace
} // namespace nsd::test
