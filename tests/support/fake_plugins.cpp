// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/fake_plugins.hpp"

#include "common/error.hpp"
#include "config/network_attachment.hpp"

#include <array>
#include <gtest/gtest.h>
#include <unistd.h>
#include <utility>

namespace nsd::test {

void FakePlugins::failNext(PluginRun::Command command, Error error) {
    failure_.emplace(command, std::move(error));
}

void FakePlugins::checkInstalled(const std::vector<std::string>& programs) const {
    for (const auto& program : programs)
        if (missing.contains(program))
            throw Error(Errc::InvalidArgument, "cni: there is no plugin " + program);
}

void FakePlugins::run(PluginRun run, Completion<Done> done) {
    const bool add = run.command == PluginRun::Command::Add;
    runs.push_back(
        std::string(add ? "ADD " : "DEL ") + run.network + ' ' + (run.netns.empty() ? "-" : run.netns));
    Outcome<Done> outcome = Done{};
    if (failure_ && failure_->first == run.command) {
        outcome = failure_->second;
        failure_.reset();
    } else if (add) {
        const auto line = resultLine("bridge", result);
        EXPECT_EQ(::write(run.record.get(), line.data(), line.size()), static_cast<ssize_t>(line.size()));
    }
    std::array<char, 65536> text{};
    const auto size = ::pread(run.record.get(), text.data(), text.size(), 0);
    record.assign(text.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    if (!silent)
        loop_.post([done = std::move(done), outcome] { done(outcome); });
}

} // namespace nsd::test
