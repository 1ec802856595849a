// SPDX-License-Identifier: LGPL-2.1-or-later
// The package in a booted Debian: what users expect of a service, and what must not get lost.
#include "tests/boot/boot_test.hpp"

#include "tests/support/temp_dir.hpp"

namespace nsd::test {
namespace {

// A namespace of all types, a unit inside of one, a lease, a command of a user's and a grant.
class Package : public BootTest {
  protected:
    static void makeAWorld() {
        system().shell(
            "rm -f /tmp/go; nsctl create web -t net; nsctl create box -t all; nsctl create leased --lease; "
            "nsctl grant web user:alice enter,hold");
        system().writeFile("/etc/systemd/system/inside.service",
            "[Service]\nNetworkNamespacePath=/run/nsd/ns/web/net\nExecStart=sleep infinity\n");
        system().shell("systemctl daemon-reload; systemctl start inside; "
                       "systemd-run --quiet --unit=holder --property=SuccessExitStatus=143 "
                       "nsctl hold leased -- sleep infinity; "
                       "systemd-run --quiet --unit=command --uid=alice --property=RemainAfterExit=yes "
                       "nsctl exec web -- sh -c 'while [ ! -e /tmp/go ]; do sleep 0.1; done; exit 7'");
        await("test -n \"$(nsctl --no-legend why leased | grep ^lease)\"");
        await("pgrep --uid alice --full 'while.*tmp/go' >/dev/null");
    }

    // What must stay as it is, whatever happens to the daemon.
    static std::string world() {
        return system().shell(R"sh(
find /run/nsd/ns -mindepth 2 -maxdepth 2 -type f ! -name meta -exec stat -c "%n %i" {} + | sort
lsns --list --noheadings --output NS,PID,COMMAND --type pid | grep nsd-init
systemctl show --property=MainPID,ActiveEnterTimestampMonotonic inside holder
readlink "/proc/$(systemctl show --value --property=MainPID inside)/ns/net"
pgrep --uid alice --full "while.*tmp/go" | sort
nsctl show web | grep -i -A3 grant
)sh");
    }

    static void endTheWorld() {
        // The status of a command is what it ended with, whoever has started the daemon anew since.
        system().shell("touch /tmp/go");
        await("[ \"$(systemctl show --value --property=ExecMainStatus command)\" = 7 ]");
        // A lease that is given back takes its namespace along.
        system().shell("systemctl stop holder");
        await("[ ! -e /run/nsd/ns/leased ]");
        system().shell("systemctl reset-failed command; systemctl stop inside; "
                       "rm /etc/systemd/system/inside.service; systemctl daemon-reload; "
                       "nsctl destroy web; nsctl destroy --force box");
    }

    static std::string mainPid() { return system().shell("systemctl show --value --property=MainPID nsd"); }
};

TEST_F(Package, StartsAndIsEnabled) {
    EXPECT_EQ(system().shell("systemctl is-active nsd; systemctl is-enabled nsd"), "active\nenabled");
    EXPECT_EQ(system().failedUnits(), "");
}

TEST_F(Package, ACallActivatesTheDaemon) {
    system().shell("systemctl stop nsd");
    EXPECT_EQ(system().run({"systemctl", "is-active", "nsd"}).out, "inactive\n");
    EXPECT_EQ(
        system().shell("busctl get-property org.nsd1 /org/nsd1 org.nsd1.Manager NamespaceCount"), "u 0");
    EXPECT_EQ(system().shell("systemctl is-active nsd"), "active");
}

TEST_F(Package, TheStatusCountsNamespaces) {
    system().shell("nsctl create a; nsctl create b");
    await("systemctl status nsd | grep 'Status: \"2 namespaces,'");
}

TEST_F(Package, TheLogLevelCanBeSet) {
    system().shell("systemctl service-log-level nsd debug");
    EXPECT_EQ(system().shell("systemctl service-log-level nsd"), "debug");
    system().shell("systemctl service-log-level nsd info");
    (void)refused("alice",
        "busctl set-property org.nsd1 /org/freedesktop/LogControl1 org.freedesktop.LogControl1 "
        "LogLevel s debug");
    EXPECT_EQ(system().shell("systemctl service-log-level nsd"), "info");
}

TEST_F(Package, TheJournalKnowsNamespaces) {
    system().shell("nsctl create noted; nsctl destroy noted");
    await("journalctl --unit=nsd NSD_NAMESPACE=noted --output=cat | grep -q .");
    // Each event has its page in the catalog.
    system().shell("journalctl --unit=nsd NSD_NAMESPACE=noted --catalog --output=short | grep -q Subject:");
}

TEST_F(Package, NothingIsLostByARestart) {
    makeAWorld();
    const auto before = world();
    const auto pid = mainPid();
    system().shell("systemctl restart nsd");
    EXPECT_NE(mainPid(), pid);
    EXPECT_EQ(world(), before);
    endTheWorld();
}

TEST_F(Package, NothingIsLostWhileItIsStopped) {
    makeAWorld();
    const auto before = world();
    system().shell("systemctl stop nsd");
    await("! pgrep --exact nsd >/dev/null");
    system().shell("nsenter --net=/run/nsd/ns/web/net true");
    system().shell("systemctl start nsd");
    EXPECT_EQ(world(), before);
    endTheWorld();
}

TEST_F(Package, NothingIsLostByAKill) {
    makeAWorld();
    const auto before = world();
    const auto pid = mainPid();
    system().shell("kill -KILL " + pid);
    await("new=$(systemctl show --value --property=MainPID nsd); systemctl is-active nsd >/dev/null && [ "
          "\"$new\" != " +
          pid + " ]");
    EXPECT_EQ(world(), before);
    endTheWorld();
}

TEST_F(Package, NothingIsLostByAnUpgrade) {
    makeAWorld();
    const auto before = world();
    const auto pid = mainPid();
    const TempDir directory;
    system().copyIn(laterPackage(directory.path()), "/root/later.deb");
    system().shell("dpkg --install /root/later.deb");
    EXPECT_NE(mainPid(), pid);
    EXPECT_EQ(system().shell("dpkg-query --show --showformat='${Version}' nsd-manager | grep -c later"), "1");
    EXPECT_EQ(world(), before);
    endTheWorld();
}

// Debian's name server has the same name, the same /run/nsd and the same nsd.service.
TEST_F(Package, TheNameServerIsAnotherPackage) {
    const TempDir directory;
    std::filesystem::create_directories(directory / "nsd/DEBIAN");
    writeFile(directory / "nsd/DEBIAN/control", "Package: nsd\nVersion: 99\nArchitecture: all\nMaintainer: "
                                                "nobody <nobody@localhost>\nDescription: a name server\n");
    mustRun({"dpkg-deb", "--build", directory / "nsd", directory / "nsd_99_all.deb"});
    const auto index =
        mustRun({"sh", "-euc", "cd \"$0\"; dpkg-scanpackages . 2>/dev/null", directory.path()});
    system().copyIn(directory / "nsd_99_all.deb", "/root/repository/nsd_99_all.deb");
    system().writeFile("/root/repository/Packages", index + "\n");
    system().writeFile("/root/repository.list", "deb [trusted=yes] file:/root/repository ./\n");
    const std::string options = " -o Dir::Etc::SourceList=/root/repository.list -o Dir::Etc::SourceParts=- ";
    const auto apt = "apt-get --quiet" + options;
    system().shell(apt + "update");
    EXPECT_EQ(system().shell("apt-cache" + options + "policy nsd | grep -c '  Candidate: 99'"), "1");
    EXPECT_EQ(system().shell(apt + "--simulate upgrade | grep nsd || true"), "");
    EXPECT_EQ(system().shell(apt + "--simulate dist-upgrade | grep nsd || true"), "");
    // Whoever wants the other one cannot keep this one.
    EXPECT_EQ(system().shell(apt + "--simulate install nsd | grep ^Remv | cut -d' ' -f2"), "nsd-manager");
}

TEST_F(Package, BringsItsManualPages) {
    for (const auto* page : {"1 nsctl", "5 nsd.json", "5 nsd-namespaces.d", "5 org.nsd1", "8 nsd",
             "8 nsd.service", "8 nsd-keep.service", "8 nsd@.service"})
        EXPECT_NE(
            system().shell("file=$(man -w " + std::string(page) + "); test -e \"$file\"; echo \"$file\""), "")
            << page;
    EXPECT_NE(system().shell("man nsctl | cat").find("make, use, inspect"), std::string::npos);
}

TEST_F(Package, BringsItsCompletion) {
    system().shell(
        "cd /usr/share; test -f bash-completion/completions/nsctl; test -f zsh/vendor-completions/_nsctl; "
        "test -f fish/vendor_completions.d/nsctl.fish");
    system().shell("nsctl create web; nsctl __complete exec '' | grep -q ^web");
    system().shell(
        "systemctl stop nsd; test -z \"$(nsctl __complete exec '')\"; sleep 1; ! systemctl is-active nsd");
    EXPECT_NE(system().shell("nsctl __complete unit web '' | grep ^nsd.service"), "");
}

// For programs that are linked to it; nsctl is not.
TEST_F(Package, TheLibraryHasPackagesOfItsOwn) {
    for (const std::string package : {"libnsd0", "libnsd-client-dev"})
        system().copyIn(image() / (package + ".deb"), "/root/" + package + ".deb");
    system().shell("dpkg --install /root/libnsd0.deb /root/libnsd-client-dev.deb");
    EXPECT_EQ(system().shell("python3 -c 'import ctypes; ctypes.CDLL(\"libnsd.so.0\"); print(\"loaded\")'"),
        "loaded");
    system().shell("cd /usr; test -f include/nsd/nsd.hpp; test -f lib/*/pkgconfig/libnsd.pc; "
                   "test -f lib/*/cmake/nsd/nsdConfig.cmake; test -e lib/*/libnsd.so");
    system().shell("dpkg --purge libnsd-client-dev libnsd0; ! ls -d /usr/include/nsd /usr/lib/*/libnsd*");
}

TEST_F(Package, PurgingLeavesNothing) {
    makeAWorld();
    system().shell("systemctl stop inside holder; touch /tmp/go; dpkg --listfiles nsd-manager >/tmp/files");
    system().shell(
        "nsctl create kept -t pid,net --persistent; DEBIAN_FRONTEND=noninteractive dpkg --purge nsd-manager");
    EXPECT_EQ(system().shell("awk '$5 ~ \"^/run/nsd\"' /proc/self/mountinfo"), "");
    EXPECT_EQ(system().shell("ls -d /run/nsd /etc/nsd /var/lib/nsd /sys/fs/cgroup/nsd-keep "
                             "/sys/fs/cgroup/system.slice/nsd-keep.service 2>/dev/null || true"),
        "");
    EXPECT_EQ(
        system().shell(
            "while read -r file; do [ -d \"$file\" ] || ls \"$file\" 2>/dev/null || true; done </tmp/files"),
        "");
    EXPECT_EQ(system().shell("pgrep --list-name nsd || true"), "");
    EXPECT_EQ(system().shell("lsns --noheadings --output COMMAND | grep nsd || true"), "");
    system().shell(
        "rm -f /etc/systemd/system/inside.service; systemctl daemon-reload; systemctl reset-failed");
    install();
}

} // namespace
} // namespace nsd::test
