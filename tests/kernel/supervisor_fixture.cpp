// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/kernel/supervisor_fixture.hpp"

#include "tests/support/process_table.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <stdexcept>
#include <unistd.h>

namespace nsd::test {

void SupervisorTest::SetUp() {
    NSD_REQUIRE_ROOT();
    adoptOrphans();
    spawner_ =
        std::make_unique<SupervisorSpawner>(loop_.loop(), HelperCommand{workerProgram(), {"--supervise"}});
    launcher_ = std::make_unique<SupervisorLauncher>(
        loop_.loop(), *spawner_, SupervisorLauncher::Options{directory_.path(), deadline_});
    files_ = std::make_unique<ProcessFiles>(
        UniqueFd(::open(directory_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
    worker_ = std::make_unique<WorkerProcess>();
}

void SupervisorTest::TearDown() {
    launcher_.reset();
    loop_.turnAll();
    worker_.reset();
    // Supervisors are children of this program, and their commands come home to it.
    EXPECT_TRUE(eventually([] {
        const auto left = descendantsOf(::getpid());
        for (const auto& process : left)
            ::kill(process.pid, SIGKILL);
        return left.empty();
    }));
}

Launch SupervisorTest::launchOf(const std::vector<std::string>& argv) {
    Launch launch{.what = "a test"};
    launch.command.argv = argv;
    launch.command.environment = {"PATH=/usr/bin:/bin"};
    launch.command.directory = "/";
    launch.command.keepsCapabilities = true;
    return launch;
}

Launch SupervisorTest::launchOf(
    const MadeByWorker& made, NamespaceTypes types, const std::vector<std::string>& argv) {
    auto launch = launchOf(argv);
    for (const auto type : types)
        launch.namespaces.emplace(type, made.fds.at(type).duplicate());
    return launch;
}

Launch SupervisorTest::numbered(Launch launch) {
    launch.number = ++lastNumber_;
    launch.stateFile = files_->create(launch.number, {Uuid::random()});
    return launch;
}

LaunchedProcess SupervisorTest::startNumbered(Launch launch) {
    Answer<LaunchedProcess> answer;
    launcher_->launch(std::move(launch), answer.completion());
    return await(loop_, answer);
}

Error SupervisorTest::errorOf(Launch launch) {
    try {
        static_cast<void>(start(std::move(launch)));
    } catch (const Error& error) {
        return error;
    }
    throw std::runtime_error("the command was started");
}

std::string SupervisorTest::outputOf(Launch launch) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw std::runtime_error("pipe2");
    const UniqueFd readEnd(ends[0]);
    launch.stdio[1].reset(ends[1]);
    launch.stdio[2] = launch.stdio[1].duplicate();
    const auto process = start(std::move(launch));
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(readEnd.get(), buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(got));
    static_cast<void>(endOf(process));
    return text;
}

std::optional<ProcessEnd> SupervisorTest::endOf(const LaunchedProcess& process) {
    if (!loop_.turnUntil([&] { return hasEnded(process.supervisorPidfd.get()); }))
        throw std::runtime_error("the supervisor does not end");
    return files_->read(lastNumber_).end;
}

} // namespace nsd::test
