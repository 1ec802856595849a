// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/system_test.hpp"

#include "tests/support/mount_table.hpp"

namespace nsd::test {

void SystemTest::SetUp() {
    NSD_REQUIRE_ROOT();
    NSD_REQUIRE_PROGRAM("dbus-daemon");
    daemon_ = std::make_unique<TestDaemon>(daemonOptions());
    machine_ = std::make_unique<LeakOracle>(LeakOracle::Watched(), daemon_->keepSubtree());
    daemon_->start();
    // The first request of each kind starts what is started on demand; that is no leak.
    daemon_->mustNsctl({"create", "first", "-t", "net,uts"});
    daemon_->mustNsctl({"destroy", "first"});
    whileRunning_ =
        std::make_unique<LeakOracle>([this] { return daemon_->holdings(); }, daemon_->keepSubtree());
}

void SystemTest::TearDown() {
    if (!whileRunning_)
        return;
    EXPECT_TRUE(whileRunning_->clean()) << daemon_->log();
    EXPECT_EQ(daemon_->terminate(), 0) << daemon_->log();
    const bool failed = HasFailure();
    if (failed)
        std::printf("nsd's log:\n%s\n", daemon_->log().c_str());
    whileRunning_.reset();
    daemon_.reset();
    EXPECT_TRUE(machine_->clean());
}

void SystemTest::destroy(const std::string& name, const Arguments& options) {
    Arguments line{"destroy", name};
    line.insert(line.end(), options.begin(), options.end());
    const auto result = daemon().nsctl(line);
    EXPECT_EQ(result.status, 0) << result.err;
    EXPECT_EQ(result.err, "");
    if (kernelHasNamespaceHandles()) {
        EXPECT_EQ(result.out, name + ": released\n");
    }
}

void SystemTest::mustDie(const std::string& name) {
    for (const auto& mount : MountTable::read("self").below(daemon().runtimeDirectory() / "ns" / name))
        oracle().mustDie(mount.point);
}

} // namespace nsd::test
