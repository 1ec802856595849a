// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/test_daemon.hpp"

#include "common/process_state.hpp"
#include "tests/support/mount_table.hpp"
#include "tests/support/notify_socket.hpp"
#include "tests/support/process_table.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <iterator>
#include <stdexcept>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace nsd::test {

namespace {

constexpr std::chrono::seconds startPatience{30};
constexpr std::chrono::seconds endPatience{30};

void killAll(const std::filesystem::path& group) {
    std::error_code error;
    if (!std::filesystem::exists(group, error))
        return;
    writeFile(group / "cgroup.kill", "1");
    std::vector<std::filesystem::path> groups{group};
    for (const auto& entry : std::filesystem::directory_iterator(group)) {
        if (entry.is_directory())
            groups.push_back(entry.path());
    }
    while (!groups.empty()) {
        if (!eventually([&] { return ::rmdir(groups.back().c_str()) == 0 || errno == ENOENT; }))
            throw std::system_error(errno, std::generic_category(), "rmdir " + groups.back().string());
        groups.pop_back();
    }
}

} // namespace

TestDaemon::TestDaemon(Options options) : options_(std::move(options)) {
    for (const auto* leaf : {"run", "state", "etc"})
        std::filesystem::create_directory(directory_ / leaf);
    if (!options_.settings.empty())
        writeFile(directory_ / "etc/nsd.json", options_.settings);
}

TestDaemon::~TestDaemon() {
    process_.reset();
    removeRemains();
}

CommandOptions TestDaemon::daemonEnvironment() const {
    CommandOptions options;
    options.environment = options_.environment;
    options.environment["LSAN_OPTIONS"] = "detect_leaks=1"; // off for all else, see tests/CMakeLists.txt
    options.environment["RUNTIME_DIRECTORY"] = runtimeDirectory();
    options.environment["STATE_DIRECTORY"] = directory_ / "state";
    options.environment["CONFIGURATION_DIRECTORY"] = directory_ / "etc";
    options.environment["NOTIFY_SOCKET"] = directory_ / "notify";
    if (!options_.systemBus.empty())
        options.environment["DBUS_SYSTEM_BUS_ADDRESS"] = options_.systemBus;
    return options;
}

void TestDaemon::start() {
    const NotifySocket notify(directory_ / "notify");
    auto argv = options_.wrapper;
    argv.push_back(binary("nsd"));
    argv.push_back(options_.systemBus.empty() ? "--bus=private" : "--bus=system");
    process_.reset();
    process_ = std::make_unique<BackgroundProcess>(argv, daemonEnvironment(), directory_ / "log");
    switch (notify.waitForReady(process_->pidfd(), startPatience)) {
    case NotifySocket::Result::Ready:
        return;
    case NotifySocket::Result::ProcessEnded:
        throw std::runtime_error(
            "nsd ended with " + std::to_string(*process_->wait(endPatience)) + "\n" + log());
    case NotifySocket::Result::TimedOut:
        throw std::runtime_error("nsd does not become ready\n" + log());
    }
}

int TestDaemon::terminate() {
    process_->signal(SIGTERM);
    if (const auto status = process_->wait(endPatience))
        return *status;
    throw std::runtime_error("nsd does not end on SIGTERM\n" + log());
}

void TestDaemon::kill9() {
    process_->kill();
}

void TestDaemon::restart() {
    terminate();
    start();
}

std::optional<int> TestDaemon::waitForExit(std::chrono::milliseconds timeout) {
    return process_->wait(timeout);
}

std::vector<pid_t> TestDaemon::workers() const {
    std::vector<pid_t> found;
    for (const auto& process : descendantsOf(pid())) {
        if (process.comm == "nsd-worker" && process.parent == pid())
            found.push_back(process.pid);
    }
    return found;
}

std::vector<pid_t> TestDaemon::inits() const {
    std::vector<pid_t> found;
    for (const auto& process : descendantsOf(::getpid())) {
        if (process.comm == "nsd-init" && process.state != 'Z' &&
            commandLine(process.pid).find("--hold") == std::string::npos)
            found.push_back(process.pid);
    }
    return found;
}

LeakOracle::Holdings TestDaemon::holdings() const {
    LeakOracle::Holdings held;
    auto ofDaemon = descriptorsOf(pid());
    std::multiset<std::string> ofWorkers;
    for (const auto worker : workers()) {
        held.helpers.insert(worker);
        for (const auto* perWorker : {"socket", "anon_inode:[pidfd]"}) {
            const auto one = ofDaemon.find(perWorker);
            if (one != ofDaemon.end())
                ofDaemon.erase(one);
        }
        std::multiset<std::string> most;
        const auto own = descriptorsOf(worker);
        std::set_union(
            own.begin(), own.end(), ofWorkers.begin(), ofWorkers.end(), std::inserter(most, most.end()));
        ofWorkers = std::move(most);
    }
    for (const auto& target : ofDaemon)
        held.descriptors.insert("of nsd: " + target);
    for (const auto& target : ofWorkers)
        held.descriptors.insert("of nsd-worker: " + target);
    return held;
}

std::filesystem::path TestDaemon::pin(const std::string& name, const std::string& type) const {
    return runtimeDirectory() / "ns" / name / type;
}

std::string TestDaemon::keepSubtree() const {
    std::uint64_t hash = 0xcbf29ce484222325U; // FNV-1a
    for (const char c : runtimeDirectory().string())
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "nsd-keep-%016" PRIx64, hash);
    return text.data();
}

std::filesystem::path TestDaemon::controlGroup() const {
    const auto mounts = MountTable::read("self").ofType("cgroup2");
    if (mounts.empty())
        throw std::runtime_error("no cgroup2 is mounted");
    return std::filesystem::path(mounts.front().point) / keepSubtree();
}

std::string TestDaemon::busAddress() const {
    return options_.systemBus.empty() ? "unix:path=" + (runtimeDirectory() / "bus").string()
                                      : options_.systemBus;
}

std::string TestDaemon::log() const {
    return readFile(directory_ / "log");
}

std::filesystem::path TestDaemon::binary(const std::string& program) {
    return std::filesystem::path(NSD_TEST_BIN_DIR) / program;
}

CommandResult TestDaemon::nsctl(const Arguments& arguments, CommandOptions options) const {
    Arguments argv{binary("nsctl")};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    options.environment["NSD_BUS_ADDRESS"] = busAddress();
    return run(argv, options);
}

std::string TestDaemon::mustNsctl(const Arguments& arguments, CommandOptions options) const {
    Arguments argv{binary("nsctl")};
    argv.insert(argv.end(), arguments.begin(), arguments.end());
    options.environment["NSD_BUS_ADDRESS"] = busAddress();
    return mustRun(argv, options);
}

// Each of the commands that Exec started dies with its supervisor.
void TestDaemon::killCommands() const {
    const auto files = runtimeDirectory() / "process";
    if (!std::filesystem::exists(files))
        return;
    for (const auto& file : std::filesystem::directory_iterator(files))
        if (const auto state = parseProcessState(readFile(file)); state.running && !state.end)
            ::kill(state.running->supervisor.pid, SIGKILL);
}

// Namespaces and commands outlive nsd, so a test that ends early leaves inits, control groups, pins.
void TestDaemon::removeRemains() noexcept {
    try {
        killCommands();
        killAll(controlGroup());
        unmountBelow(runtimeDirectory());
        reapOrphans();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "cannot clean up after nsd: %s\n", error.what());
    }
}

std::uint64_t inodeOf(const std::filesystem::path& namespaceFile) {
    struct stat status {};
    if (::stat(namespaceFile.c_str(), &status) != 0)
        throw std::system_error(errno, std::generic_category(), "stat " + namespaceFile.string());
    return status.st_ino;
}

} // namespace nsd::test
