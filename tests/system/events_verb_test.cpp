// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl wait and nsctl monitor beside a real nsd, also over its end.
#include "tests/support/system_test.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class EventVerbs : public SystemTest {
  protected:
    std::unique_ptr<BackgroundProcess> start(const Arguments& words) {
        Arguments line{TestDaemon::binary("nsctl").string()};
        line.insert(line.end(), words.begin(), words.end());
        CommandOptions options;
        options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
        return std::make_unique<BackgroundProcess>(line, options, output().string());
    }
    [[nodiscard]] fs::path output() { return fs::path(daemon().directory().path()) / "out"; }
    [[nodiscard]] std::string said() {
        std::ostringstream text;
        text << std::ifstream(output()).rdbuf();
        return text.str();
    }
    [[nodiscard]] bool saysSoon(const std::string& text) {
        return eventually([&] { return said().find(text) != std::string::npos; });
    }
};

TEST_F(EventVerbs, WaitForWhatIsNotMadeYetAndForItsEnd) {
    const auto ready = start({"wait", "web", "--timeout=60"});
    EXPECT_EQ(ready->wait(300ms), std::nullopt) << said();
    nsctl({"create", "web"});
    EXPECT_EQ(ready->wait(10s), 0) << said();
    const auto gone = start({"wait", "web", "--for=gone", "--timeout=60"});
    EXPECT_EQ(gone->wait(300ms), std::nullopt) << said();
    destroy("web");
    EXPECT_EQ(gone->wait(10s), 0) << said();
}

TEST_F(EventVerbs, WaitForTheLastProcessInside) {
    nsctl({"create", "web"});
    const auto command = start({"exec", "web", "sleep", "1000"});
    ASSERT_TRUE(eventually([&] {
        return !daemon().nsctl({"wait", "web", "--for=empty", "--timeout=0"}).ok();
    }));
    const auto empty = start({"wait", "web", "--for=empty", "--timeout=60"});
    EXPECT_EQ(empty->wait(300ms), std::nullopt) << said();
    command->kill();
    EXPECT_EQ(empty->wait(10s), 0) << said();
    destroy("web");
}

TEST_F(EventVerbs, WaitSurvivesARestart) {
    const auto ready = start({"wait", "web", "--timeout=60"});
    EXPECT_EQ(ready->wait(300ms), std::nullopt) << said();
    daemon().kill9();
    daemon().restart();
    nsctl({"create", "web"});
    EXPECT_EQ(ready->wait(10s), 0) << said();
    destroy("web");
}

TEST_F(EventVerbs, MonitorTellsWhatHappensOverARestart) {
    nsctl({"create", "web"});
    const auto monitor = start({"monitor"});
    // It says nothing when it is there: an event that it tells shows it.
    EXPECT_TRUE(eventually([&] {
        nsctl({"label", "web", "a=b"});
        return said().find("labels web\n") != std::string::npos;
    }));
    nsctl({"rename", "web", "www"});
    EXPECT_TRUE(saysSoon("renamed www\n")) << said();
    daemon().kill9();
    EXPECT_TRUE(saysSoon("nsd is gone\n")) << said();
    daemon().restart();
    EXPECT_TRUE(saysSoon("nsd is back")) << said();
    destroy("www");
    EXPECT_TRUE(saysSoon("removed www\n")) << said();
    monitor->signal(SIGINT);
    EXPECT_EQ(monitor->wait(10s), 128 + SIGINT);
}

} // namespace
} // namespace nsd::test
