// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Containers of other engines in namespaces of nsd, by what nsctl oci prints.
#include "tests/support/system_test.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class Oci : public SystemTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE(fs::exists("/bin/busybox"), "a busybox that needs no libraries (package busybox-static)");
        SystemTest::SetUp();
        if (!HasFatalFailure() && !IsSkipped())
            nsctl({"create", "web", "-t", "net,uts,ipc", "--hostname", "inside"});
    }
    // What a container says that joins the namespaces of `web`, and has its own of the rest.
    std::string inContainer(const std::string& engine, const std::string& command) {
        const TempDir bundle;
        fs::create_directories(bundle / "rootfs/bin");
        fs::create_directories(bundle / "rootfs/proc");
        fs::create_directories(bundle / "rootfs/dev");
        fs::copy_file("/bin/busybox", bundle / "rootfs/bin/busybox");
        auto namespaces = Json::parse(nsctl({"oci", "web"}));
        for (const auto* own : {"mount", "pid"})
            namespaces.push_back({{"type", own}});
        writeFile(bundle / "config.json",
            Json{{"ociVersion", "1.0.2"},
                {"process",
                    {{"user", {{"uid", 0}, {"gid", 0}}}, {"cwd", "/"}, {"capabilities", Json::object()},
                        {"args", {"/bin/busybox", "sh", "-c", command}}}},
                {"root", {{"path", "rootfs"}, {"readonly", true}}},
                {"mounts", {{{"destination", "/proc"}, {"type", "proc"}, {"source", "proc"}}}},
                {"linux", {{"namespaces", namespaces}}}}
                .dump());
        // crun refuses control groups of both versions side by side, which is of no interest here.
        const auto line = "umount -R /sys/fs/cgroup && mount -t cgroup2 none /sys/fs/cgroup && exec " +
                          engine + " run --bundle " + bundle.path().string() + " nsd-test-oci";
        CommandOptions options;
        options.environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        return mustRun(
            {TestDaemon::binary("nsctl").string(), "run", "-t", "mnt", "--", "sh", "-c", line}, options);
    }
    void expectInside(const std::string& engine) {
        const auto net = "net:[" + std::to_string(inodeOf(daemon().pin("web", "net"))) + "]";
        EXPECT_EQ(
            inContainer(engine, "busybox readlink /proc/self/ns/net; busybox hostname"), net + "\ninside");
        destroy("web");
    }
};

TEST_F(Oci, RuncJoinsThem) {
    NSD_REQUIRE_PROGRAM("runc");
    const TempDir state;
    expectInside("runc --root " + state.path().string());
}

TEST_F(Oci, CrunJoinsThem) {
    NSD_REQUIRE_PROGRAM("crun");
    const TempDir state;
    expectInside("crun --cgroup-manager=disabled --root " + state.path().string());
}

TEST_F(Oci, OnlyTheTypesThatAreWanted) {
    const auto one = Json::parse(nsctl({"oci", "web", "-t", "net", "--json=short"}));
    EXPECT_EQ(one, (Json{{{"type", "network"}, {"path", daemon().pin("web", "net").string()}}}));
    EXPECT_EQ(daemon().nsctl({"oci", "web", "-t", "user"}).status, 1);
    destroy("web");
}

} // namespace
} // namespace nsd::test
