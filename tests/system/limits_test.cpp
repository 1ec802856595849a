// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Limits of the kernel that end a Create half-way: a named error, and nothing stays behind.
#include "tests/support/system_test.hpp"

#include "tests/system/manager_calls.hpp"

#include <set>
#include <string>
#include <sys/mount.h>
#include <sys/resource.h>

namespace nsd::test {
namespace {

constexpr auto limitExceeded = "org.nsd1.Error.LimitExceeded";
const std::vector<std::string> everything{"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"};

class Limits : public SystemTest {};

// nsd in a user namespace of its own, whose quotas are not the host's.
class Quotas : public SystemTest {
  protected:
    [[nodiscard]] TestDaemon::Options daemonOptions() const override {
        TestDaemon::Options options;
        options.wrapper = {"unshare", "--user", "--map-root-user", "--mount"};
        return options;
    }
    void setQuota(const std::string& type, const std::string& value) {
        mustRun({"nsenter", "--target", std::to_string(daemon().pid()), "--user", "sh", "-c",
            "echo " + value + " > /proc/sys/user/max_" + type + "_namespaces"});
    }
};

TEST_F(Quotas, OfEachTypeEndACreateWithoutRemains) {
    for (const std::string type : {"uts", "net", "mnt", "pid", "cgroup", "time"}) {
        setQuota(type, "0");
        const auto error = errorOfCreate(daemon().busAddress(), "limited", {"ipc", type});
        setQuota(type, "1000");
        EXPECT_EQ(error.name, limitExceeded) << type;
        EXPECT_TRUE(oracle().clean()) << type;
        EXPECT_EQ(nsctl({"list", "--no-legend"}), "") << type;
    }
    nsctl({"create", "limited", "-t", "ipc,uts"});
    nsctl({"destroy", "limited", "--force"});
}

// The limit is on the number of a descriptor, and which numbers nsd uses at the moment is not known. So from
// none left, one more each time, until it is enough.
TEST_F(Limits, DescriptorsOfTheDaemon) {
    rlimit before{};
    ASSERT_EQ(::prlimit(daemon().pid(), RLIMIT_NOFILE, nullptr, &before), 0);
    std::set<std::string> failures;
    for (rlim_t limit = 3;; ++limit) {
        ASSERT_LT(limit, before.rlim_cur);
        const rlimit low{limit, before.rlim_max};
        ASSERT_EQ(::prlimit(daemon().pid(), RLIMIT_NOFILE, &low, nullptr), 0);
        const auto error = errorOfCreate(daemon().busAddress(), "limited", everything);
        ASSERT_EQ(::prlimit(daemon().pid(), RLIMIT_NOFILE, &before, nullptr), 0);
        if (error.name.empty())
            break;
        ASSERT_EQ(error.name, limitExceeded) << "limit " << limit << ": " << error.text;
        ASSERT_TRUE(oracle().clean()) << "limit " << limit << ": " << error.text;
        failures.insert(error.text);
    }
    EXPECT_GE(failures.size(), 3U) << "it failed at different steps";
    nsctl({"destroy", "limited", "--force"});
}

TEST_F(Limits, AFullTmpfs) {
    const auto pins = daemon().runtimeDirectory() / "ns";
    const auto remount = [&](const std::string& options) {
        return ::mount(
            "tmpfs", pins.c_str(), nullptr, MS_REMOUNT | MS_NOSUID | MS_NODEV | MS_NOEXEC, options.c_str());
    };
    // Inodes for some of the pins only; then none for data, so that meta cannot be written.
    for (const auto* limit : {"nr_inodes=7", "nr_inodes=10", "size=4k"}) {
        ASSERT_EQ(remount(limit), 0) << limit;
        if (std::string_view(limit) == "size=4k")
            writeFile(pins / ".full", std::string(4096, 'x'));
        const auto error = errorOfCreate(daemon().busAddress(), "limited", everything);
        std::filesystem::remove(pins / ".full");
        ASSERT_EQ(remount("nr_inodes=100k,size=50%"), 0);
        EXPECT_EQ(error.name, limitExceeded) << limit;
        EXPECT_TRUE(oracle().clean()) << limit;
    }
    nsctl({"create", "limited", "-t", "all"});
    nsctl({"destroy", "limited", "--force"});
}

} // namespace
} // namespace nsd::test
