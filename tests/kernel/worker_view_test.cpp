// SPDX-License-Identifier: LGPL-2.1-or-later
// The view that the real worker makes of a host whose /sys is put together as containers have it. The host is
// a network namespace with a link of its own.
#include "tests/kernel/worker_process.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"

#include <fcntl.h>
#include <filesystem>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::test {
namespace {

class WorkerView : public testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE_PROGRAM("ip");
        adoptOrphans();
    }
    void TearDown() override { reapOrphans(); }

    // Runs `work` in a view, on a host that this script makes of a sysfs in the directory $0.
    [[nodiscard]] std::string inView(
        const std::string& script, const std::function<std::string()>& work) const {
        const auto prepare =
            "set -e; ip link add host0 type veth peer name host1; mount -t sysfs sysfs $0; " + script +
            "; [ -e /sys/class/net/host0 ]; exec \"$@\"";
        WorkerProcess worker({"unshare", "--net", "--mount", "--propagation=private", "sh", "-c", prepare,
            directory_.path().string()});
        NamespaceSpec spec;
        spec.types = {NamespaceType::Net};
        const auto net = worker.make(spec);
        const auto path = worker.runtimeDirectory().path().string();
        const UniqueFd runtime(static_cast<int>(
            ::syscall(SYS_open_tree, AT_FDCWD, path.c_str(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC)));
        auto answer = worker.ask(protocol::ViewRequest{path}, {runtime.get(), net.fd(NamespaceType::Net)});
        if (const auto* error = std::get_if<Error>(&answer.reply))
            throw *error;
        MadeByWorker view;
        view.fds.emplace(NamespaceType::Mnt, std::move(answer.fds.at(0)));
        return inside(view, {NamespaceType::Mnt}, work);
    }

    TempDir directory_;
};

std::string namesIn(const std::string& directory) {
    std::string names;
    for (const auto& entry : std::filesystem::directory_iterator(directory))
        names += entry.path().filename().string() + ' ';
    return names;
}

std::string writable(const char* path) {
    struct statvfs status {};
    return ::statvfs(path, &status) == 0 && (status.f_flag & ST_RDONLY) == 0 ? "writable" : "read-only";
}

// systemd-nspawn
TEST_F(WorkerView, PartsOfSysfsOnATmpfsAreReplacedByAWholeOne) {
    const std::string script =
        "mount -t tmpfs tmpfs /sys; for part in block bus class dev devices kernel; do "
        "mkdir /sys/$part; mount --bind $0/$part /sys/$part; mount -o remount,bind,ro /sys/$part; done; "
        "umount $0; mkdir -p /sys/fs/cgroup; mount -t tmpfs tmpfs /sys/fs/cgroup; touch /sys/fs/cgroup/mark; "
        "mount -o remount,bind,ro /sys";
    EXPECT_EQ(inView(script,
                  [] {
                      return namesIn("/sys/class/net") + writable("/sys") + ' ' + namesIn("/sys/fs/cgroup") +
                             writable("/sys/fs/cgroup");
                  }),
        "lo read-only mark writable");
}

// LXC: read-only, but for the links.
TEST_F(WorkerView, APartOfSysfsThatIsMountedOnSysfsIsNotKept) {
    const std::string script =
        "mount --move $0 /sys; mount --bind /sys/devices/virtual/net /sys/devices/virtual/net; "
        "mount -o remount,bind,ro /sys";
    EXPECT_EQ(inView(script,
                  [] {
                      return namesIn("/sys/class/net") + namesIn("/sys/devices/virtual/net") +
                             writable("/sys");
                  }),
        "lo lo read-only");
}

} // namespace
} // namespace nsd::test
