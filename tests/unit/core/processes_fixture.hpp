// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/processes.hpp"
#include "tests/support/fake_launcher.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <cstdint>
#include <fcntl.h>

namespace nsd::test {

constexpr uid_t somebody = 1000;

// "started 0", "ended 0", "forgotten 0": by the order in which the processes were started.
class RecordingProcessEvents final : public ProcessEvents {
  public:
    void started(const ProcessRecord& process, const MaybeRequester& /*by*/) override {
        seen.push_back("started " + name(process.number));
    }
    void ended(const ProcessRecord& process) override { seen.push_back("ended " + name(process.number)); }
    void forgotten(std::uint64_t number) override { seen.push_back("forgotten " + name(number)); }
    std::vector<std::string> seen;

  private:
    std::string name(std::uint64_t number) {
        if (!first_)
            first_ = number;
        return std::to_string(number - *first_);
    }
    std::optional<std::uint64_t> first_;
};

// Processes over a launcher without processes; what is shown is recorded.
class ProcessesTest : public CoreTest {
  protected:
    ProcessesTest() {
        std::filesystem::create_directory(directory_ / "process");
        openProcesses();
    }
    ~ProcessesTest() override { processes_.reset(); }

    void openProcesses() {
        UniqueFd directory(::open((directory_ / "process").c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        processes_ = std::make_unique<Processes>(loop_, log_, launcher_, *namespaces_, std::move(directory));
        processes_->attach(&seen_);
        processes_->recover();
        loop_.settle();
    }
    void restartProcesses() {
        processes_.reset();
        loop_.settle();
        restart();
        openProcesses();
    }
    [[nodiscard]] static ProcessStart startIn(const Uuid& uuid, uid_t uid = somebody) {
        ProcessStart start{.namespaceUuid = uuid, .types = {NamespaceType::Net}, .by = {uid, 0}};
        start.command.ids.uid = uid;
        start.command.argv = {"true"};
        return start;
    }
    // Root runs a command as `inside`, a uid of the namespace.
    [[nodiscard]] static ProcessStart startInside(const Uuid& uuid, uid_t inside) {
        auto start = startIn(uuid, 0);
        start.command.ids.uid = inside;
        start.command.idsAreInside = true;
        return start;
    }
    // Throws the Error that was answered.
    std::uint64_t run(ProcessStart start) {
        std::optional<Outcome<StartedProcess>> outcome;
        processes_->start(
            std::move(start), [&](Outcome<StartedProcess> answer) { outcome.emplace(std::move(answer)); });
        loop_.settle();
        return std::move(*outcome).value().number;
    }
    std::uint64_t run() { return run(startIn(web_)); }
    [[nodiscard]] std::size_t files() const {
        const std::filesystem::directory_iterator all(directory_ / "process");
        return static_cast<std::size_t>(std::distance(begin(all), end(all)));
    }
    void finish(pid_t pid, int code, int status) {
        launcher_.end(pid, code, status);
        loop_.settle();
    }

    FakeLauncher launcher_{loop_};
    RecordingProcessEvents seen_;
    std::unique_ptr<Processes> processes_;
    Uuid web_ = create("web");
};

} // namespace nsd::test
