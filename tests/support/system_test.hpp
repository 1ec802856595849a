// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "tests/support/leak_oracle.hpp"
#include "tests/support/require.hpp"
#include "tests/support/test_daemon.hpp"

#include <gtest/gtest.h>
#include <memory>

namespace nsd::test {

// A test of the whole: a running nsd on its private bus, and afterwards two questions to the oracle.
// With nsd still running: is it as it was before, since the test destroyed what it made? And without
// nsd: is the machine as it was before?
class SystemTest : public testing::Test {
  protected:
    void SetUp() override;
    void TearDown() override;

    // What the daemon is started with; a test of something special overrides it.
    [[nodiscard]] virtual TestDaemon::Options daemonOptions() const { return {}; }

    [[nodiscard]] TestDaemon& daemon() { return *daemon_; }
    [[nodiscard]] LeakOracle& oracle() { return *whileRunning_; }
    std::string nsctl(const Arguments& arguments) { return daemon().mustNsctl(arguments); }
    // `nsctl destroy NAME …`, which must say that the kernel has released it, as far as this kernel can
    // be asked (nsfs handles, Linux 6.18).
    void destroy(const std::string& name, const Arguments& options = {});
    // Every pin of the namespace must lead to a dead namespace at the end of the test.
    void mustDie(const std::string& name);

  private:
    std::unique_ptr<LeakOracle> machine_;
    std::unique_ptr<TestDaemon> daemon_;
    std::unique_ptr<LeakOracle> whileRunning_;
};

} // namespace nsd::test
