// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsd as its unit runs it: in the control group nsd.service, beside that of nsd-keep.service.
#include "tests/support/system_test.hpp"

#include "common/uuid.hpp"
#include "tests/support/mount_table.hpp"
#include "tests/support/process_table.hpp"

#include <csignal>
#include <filesystem>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;

// A slice with both units in it, as systemd would have made it.
class Slice {
  public:
    Slice() : path_("/nsd-test-" + Uuid::random().str()) {
        mount_ = MountTable::read("self").ofType("cgroup2").front().point;
        for (const auto* unit : {"nsd.service", "nsd-keep.service"})
            fs::create_directories(directory(unit));
        keeper_ = std::make_unique<BackgroundProcess>(
            Arguments{"sh", "-c", R"(echo $$ >"$0/cgroup.procs"; exec "$1" --hold-unit)",
                directory("nsd-keep.service"), TestDaemon::binary("nsd-init")});
        if (!eventually([&] { return fs::exists(directory("nsd-keep.service") / "hold"); }))
            throw std::runtime_error("nsd-init --hold-unit makes no leaf");
    }
    ~Slice() {
        keeper_.reset();
        for (const auto* group : {"nsd.service", "nsd-keep.service/hold", "nsd-keep.service", "."})
            EXPECT_TRUE(eventually([&] { return ::rmdir(directory(group).c_str()) == 0; })) << group;
    }
    Slice(const Slice&) = delete;
    Slice& operator=(const Slice&) = delete;

    [[nodiscard]] std::string path() const { return path_; }
    [[nodiscard]] fs::path directory(const std::string& unit) const {
        return fs::path(mount_ + path_) / (unit == "." ? "" : unit);
    }
    // What stands before the daemon's own command line.
    [[nodiscard]] Arguments wrapper() const {
        return {"sh", "-c", R"(echo $$ >"$0/cgroup.procs"; SYSTEMD_EXEC_PID=$$ exec "$@")",
            directory("nsd.service")};
    }

  private:
    std::string mount_;
    std::string path_;
    std::unique_ptr<BackgroundProcess> keeper_;
};

class UnderUnit : public SystemTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE(!MountTable::read("self").ofType("cgroup2").empty(), "a cgroup2 mount");
        slice_.emplace();
        SystemTest::SetUp();
    }
    void TearDown() override {
        SystemTest::TearDown();
        slice_.reset();
    }
    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.wrapper = slice_->wrapper();
        return options;
    }
    [[nodiscard]] std::string uuidOf(const std::string& name) {
        return run({"busctl", "--address=" + daemon().busAddress(), "call", "org.nsd1", "/org/nsd1",
                       "org.nsd1.Manager", "Get", "s", name})
            .out.substr(std::string("o \"/org/nsd1/namespace/").size(), 32);
    }
    [[nodiscard]] std::string controlGroupOf(const std::string& uuid) {
        return run({"busctl", "--address=" + daemon().busAddress(), "get-property", "org.nsd1",
                       "/org/nsd1/namespace/" + uuid, "org.nsd1.Namespace", "ControlGroup"})
            .out;
    }
    // A process's group of version 2.
    [[nodiscard]] static std::string groupOfProcess(pid_t pid) {
        std::istringstream lines(readFile("/proc/" + std::to_string(pid) + "/cgroup"));
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with("0::"))
                return line.substr(3);
        return {};
    }
    [[nodiscard]] const Slice& slice() const { return *slice_; }

  private:
    std::optional<Slice> slice_;
};

TEST_F(UnderUnit, NamespacesLiveInTheKeepUnitOverARestartAndGoWhenTheyAreDestroyed) {
    nsctl({"create", "box", "-t", "pid,cgroup,uts"});
    const auto uuid = uuidOf("box");
    const auto group = slice().path() + "/nsd-keep.service/" + uuid;
    EXPECT_EQ(controlGroupOf(uuid), "s \"" + group + "\"\n");
    const auto inits = daemon().inits();
    ASSERT_EQ(inits.size(), 1U);
    EXPECT_EQ(groupOfProcess(inits.front()), group);
    EXPECT_FALSE(fs::exists(daemon().controlGroup())) << "a subtree of nsd's own";
    daemon().restart();
    EXPECT_EQ(daemon().inits(), inits);
    EXPECT_EQ(controlGroupOf(uuid), "s \"" + group + "\"\n");
    EXPECT_EQ(nsctl({"exec", "box", "cat", "/proc/self/cgroup"}).find("nsd.service"), std::string::npos);
    destroy("box", {"--force"});
    EXPECT_TRUE(eventually([&] { return !fs::exists(slice().directory("nsd-keep.service") / uuid); }));
    EXPECT_TRUE(fs::exists(slice().directory("nsd-keep.service") / "hold"));
}

TEST_F(UnderUnit, AtPowerOffEachInitEndsItsNamespaceAtSystemdsTerm) {
    for (const auto* name : {"a", "b", "c"})
        nsctl({"create", name, "-t", "pid"});
    ASSERT_EQ(daemon().inits().size(), 3U);
    ASSERT_EQ(daemon().terminate(), 0);
    for (const auto init : daemon().inits())
        ::kill(init, SIGTERM);
    EXPECT_TRUE(eventually([&] { return daemon().inits().empty(); }, std::chrono::seconds(5)));
    daemon().start();
    for (const auto* name : {"a", "b", "c"})
        nsctl({"destroy", name});
}

} // namespace
} // namespace nsd::test
