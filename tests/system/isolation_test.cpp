// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What other mount namespaces of the host see of the pins, and that none of them can keep one alive.
#include "tests/support/system_test.hpp"

#include "tests/support/mount_table.hpp"

#include <cerrno>
#include <sys/mount.h>
#include <unistd.h>

namespace nsd::test {
namespace {

// A process in a mount namespace of its own, made now from this one.
class OtherMountNamespace {
  public:
    explicit OtherMountNamespace(const std::string& propagation)
        : process_({"unshare", "--mount", "--propagation", propagation, "sleep", "1000"}) {
        // unshare(1) has done its work once it has become what it runs.
        const auto comm = "/proc/" + std::to_string(process_.pid()) + "/comm";
        if (!eventually([&] { return readFile(comm) == "sleep\n"; }))
            throw std::runtime_error("unshare does not start");
    }
    // errno of access(2) to a path as seen in there, or 0.
    [[nodiscard]] int look(const std::filesystem::path& path) const {
        return ::access((root() + path.string()).c_str(), F_OK) == 0 ? 0 : errno;
    }
    // Mounts at or below a path of this mount namespace.
    [[nodiscard]] std::size_t mountsBelow(const std::filesystem::path& path) const {
        return MountTable::read(std::to_string(process_.pid())).below(path).size();
    }

  private:
    [[nodiscard]] std::string root() const { return "/proc/" + std::to_string(process_.pid()) + "/root"; }
    BackgroundProcess process_;
};

// As under systemd: the directory that RUNTIME_DIRECTORY lies in is a shared mount.
class SharedParent : public testing::TestWithParam<const char*> {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE_PROGRAM("dbus-daemon");
        daemon_ = std::make_unique<TestDaemon>();
        const auto parent = daemon_->directory().path();
        ASSERT_EQ(::mount(parent.c_str(), parent.c_str(), nullptr, MS_BIND, nullptr), 0);
        ASSERT_EQ(::mount(nullptr, parent.c_str(), nullptr, MS_SHARED, nullptr), 0);
    }
    [[nodiscard]] TestDaemon& daemon() { return *daemon_; }

  private:
    std::unique_ptr<TestDaemon> daemon_;
};

TEST_P(SharedParent, AMountNamespaceFromBeforeTheStartSeesNoPin) {
    const OtherMountNamespace before(GetParam());
    daemon().start();
    daemon().mustNsctl({"create", "all8", "-t", "all"});
    for (const auto* type : {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"}) {
        ASSERT_EQ(::access(daemon().pin("all8", type).c_str(), F_OK), 0) << type;
        EXPECT_EQ(before.look(daemon().pin("all8", type)), ENOENT) << type;
    }
    EXPECT_EQ(before.mountsBelow(daemon().runtimeDirectory() / "ns/all8"), 0U);
    daemon().mustNsctl({"destroy", "all8"});
}

TEST_P(SharedParent, AMountNamespaceFromBetweenStartAndCreateGetsNoPin) {
    daemon().start();
    const OtherMountNamespace between(GetParam());
    daemon().mustNsctl({"create", "web"});
    EXPECT_EQ(between.mountsBelow(daemon().runtimeDirectory() / "ns/web"), 0U);
    daemon().mustNsctl({"destroy", "web"});
}

INSTANTIATE_TEST_SUITE_P(Propagation, SharedParent, testing::Values("slave", "unchanged", "private"),
    [](const auto& value) { return std::string(value.param); });

class Isolation : public SystemTest {};

TEST_F(Isolation, ACopyOfAPinElsewhereDoesNotKeepItAlive) {
    nsctl({"create", "web"});
    nsctl({"create", "box", "-t", "uts,ipc,time"});
    {
        const OtherMountNamespace copies("private");
        const auto pins = daemon().runtimeDirectory() / "ns";
        constexpr std::size_t tmpfsAndFourPins = 5;
        EXPECT_EQ(copies.mountsBelow(pins), tmpfsAndFourPins);
        mustDie("web");
        mustDie("box");
        destroy("web");
        destroy("box");
        EXPECT_EQ(copies.mountsBelow(pins), 1U);
    }
}

TEST_F(Isolation, AMountNamespaceMadeByNsdHoldsNoPinAndFollowsTheHost) {
    nsctl({"create", "web"});
    nsctl({"create", "files", "-t", "mnt"});
    EXPECT_EQ(nsctl({"exec", "files", "cat", "/proc/self/mountinfo"}).find(daemon().runtimeDirectory()),
        std::string::npos);
    const TempDir later;
    ASSERT_EQ(::mount(later.path().c_str(), later.path().c_str(), nullptr, MS_BIND, nullptr), 0);
    const auto inside = nsctl({"exec", "files", "cat", "/proc/self/mountinfo"});
    const auto hostIsShared =
        MountTable::read("self").below("/").front().optional.find("shared") != std::string::npos;
    EXPECT_EQ(inside.find(later.path()) != std::string::npos, hostIsShared);
    destroy("files");
    destroy("web");
}

} // namespace
} // namespace nsd::test
