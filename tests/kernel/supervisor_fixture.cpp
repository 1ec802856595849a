// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/kernel/supervisor_fixture.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::test {

void SupervisorTest::SetUp() {
    NSD_REQUIRE_ROOT();
    spawner_ = std::make_unique<SupervisorSpawner>(loop_.loop(), workerProgram());
    launcher_ = std::make_unique<SupervisorLauncher>(
        loop_.loop(), *spawner_, SupervisorLauncher::Options{directory_.path(), deadline_});
    files_ = std::make_unique<ProcessFiles>(
        UniqueFd(::open(directory_.path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)));
    worker_ = std::make_unique<WorkerProcess>();
}

void SupervisorTest::TearDown() {
    launcher_.reset();
    loop_.turnAll();
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

LaunchedProcess SupervisorTest::start(Launch launch) {
    launch.number = ++lastNumber_;
    launch.stateFile = files_->create(launch.number, {Uuid::random()});
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

bool SupervisorTest::hasEnded(int pidfd) {
    pollfd ended{pidfd, POLLIN, 0};
    return ::poll(&ended, 1, 0) == 1;
}

std::optional<ProcessEnd> SupervisorTest::endOf(const LaunchedProcess& process) {
    if (!loop_.turnUntil([&] { return hasEnded(process.supervisorPidfd.get()); }))
        throw std::runtime_error("the supervisor does not end");
    return files_->read(lastNumber_).end;
}

} // namespace nsd::test
