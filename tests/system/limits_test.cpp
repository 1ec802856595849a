// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Limits of the kernel that end a Create half-way: a named error, and nothing stays behind.
#include "tests/support/system_test.hpp"

#include "tests/support/process_table.hpp"

#include <sys/mount.h>
#include <sys/resource.h>

namespace nsd::test {
namespace {

class Limits : public SystemTest {};

std::string setLimit(const std::string& type, const std::string& value) {
    const auto file = "/proc/sys/user/max_" + type + "_namespaces";
    const auto before = readFile(file);
    writeFile(file, value);
    return before;
}

TEST_F(Limits, TheKernelsQuotaOfNamespaces) {
    for (const std::string type : {"uts", "net", "mnt", "user", "pid"}) {
        const auto before = setLimit(type, "0");
        const auto result = daemon().nsctl({"create", "limited", "-t", "ipc," + type});
        setLimit(type, before);
        EXPECT_EQ(result.status, 1) << type;
        EXPECT_NE(result.err.find("No space left on device"), std::string::npos)
            << type << ": " << result.err;
        EXPECT_TRUE(oracle().clean()) << type;
        EXPECT_EQ(nsctl({"list", "--no-legend"}), "") << type;
    }
    nsctl({"create", "limited", "-t", "all"});
    nsctl({"destroy", "limited", "--force"});
}

TEST_F(Limits, DescriptorsOfTheDaemon) {
    rlimit before{};
    ASSERT_EQ(::prlimit(daemon().pid(), RLIMIT_NOFILE, nullptr, &before), 0);
    const auto open = descriptorsOf(daemon().pid()).size();
    for (const rlim_t more : {1, 3, 6, 10}) {
        const rlimit low{open + more, before.rlim_max};
        ASSERT_EQ(::prlimit(daemon().pid(), RLIMIT_NOFILE, &low, nullptr), 0);
        const auto result = daemon().nsctl({"create", "limited", "-t", "all"});
        ASSERT_EQ(::prlimit(daemon().pid(), RLIMIT_NOFILE, &before, nullptr), 0);
        EXPECT_EQ(result.status, 1) << more;
        EXPECT_TRUE(oracle().clean()) << "with " << more << " free descriptors";
    }
    nsctl({"create", "limited", "-t", "all"});
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
        const auto result = daemon().nsctl({"create", "limited", "-t", "all"});
        std::filesystem::remove(pins / ".full");
        ASSERT_EQ(remount("nr_inodes=0,size=50%"), 0);
        EXPECT_EQ(result.status, 1) << limit;
        EXPECT_NE(result.err.find("No space left on device"), std::string::npos)
            << limit << ": " << result.err;
        EXPECT_TRUE(oracle().clean()) << limit;
    }
    nsctl({"create", "limited", "-t", "all"});
    nsctl({"destroy", "limited", "--force"});
}

} // namespace
} // namespace nsd::test
