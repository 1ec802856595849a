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
    static void makeRoot(const fs::path& root) {
        for (const auto* directory : {"bin", "proc", "dev"})
            fs::create_directories(root / directory);
        fs::copy_file("/bin/busybox", root / "bin/busybox");
    }
    // Runs it in the namespaces of these types that are its own, on the hierarchy of control groups that
    // engines like best: both versions side by side are refused by some, and are of no interest here.
    static std::string runEngine(const std::string& types, const std::string& script) {
        CommandOptions options;
        options.environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
        return mustRun({TestDaemon::binary("nsctl").string(), "run", "-t", types, "--", "sh", "-euc",
                           "umount -R /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup; " + script},
            options);
    }
    [[nodiscard]] std::string netOfWeb() {
        return "net:[" + std::to_string(inodeOf(daemon().pin("web", "net"))) + "]";
    }
    // What a container says that joins the namespaces of `web`, and has its own of the rest.
    std::string inContainer(const std::string& engine, const std::string& command) {
        const TempDir bundle;
        makeRoot(bundle / "rootfs");
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
        return runEngine(
            "mnt", "exec " + engine + " run --bundle " + bundle.path().string() + " nsd-test-oci");
    }
    void expectInside(const std::string& engine) {
        EXPECT_EQ(inContainer(engine, "busybox readlink /proc/self/ns/net; busybox hostname"),
            netOfWeb() + "\ninside");
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

// By the pin itself. It leaves a process to clean up behind each container, which ends with the pid namespace
// here.
TEST_F(Oci, PodmanJoinsItsNetwork) {
    NSD_REQUIRE_PROGRAM("podman");
    const TempDir directory;
    makeRoot(directory / "rootfs");
    const auto in = [&](const char* name) { return (directory / name).string(); };
    const auto said = runEngine("mnt,pid",
        "mount -t tmpfs tmpfs /run; exec podman --root " + in("storage") + " --runroot " + in("run") +
            " --tmpdir " + in("tmp") +
            " --storage-driver vfs --cgroup-manager cgroupfs --events-backend none --runtime crun run --rm "
            "--cgroups=disabled --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --network ns:" +
            daemon().pin("web", "net").string() + " --rootfs " + in("rootfs") +
            " /bin/busybox readlink /proc/self/ns/net");
    EXPECT_EQ(said, netOfWeb());
    destroy("web");
}

TEST_F(Oci, OnlyTheTypesThatAreWanted) {
    const auto one = Json::parse(nsctl({"oci", "web", "-t", "net", "--json=short"}));
    EXPECT_EQ(one, (Json{{{"type", "network"}, {"path", daemon().pin("web", "net").string()}}}));
    EXPECT_EQ(daemon().nsctl({"oci", "web", "-t", "user"}).status, 1);
    destroy("web");
}

} // namespace
} // namespace nsd::test
