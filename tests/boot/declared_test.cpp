// SPDX-License-Identifier: LGPL-2.1-or-later
// Declared and persistent namespaces, and the units that are ordered behind them, over a reboot.
#include "tests/boot/boot_test.hpp"

namespace nsd::test {
namespace {

class Declared : public BootTest {
  protected:
    static constexpr auto server = "[Unit]\nRequires=nsd@web.service\nAfter=nsd@web.service\n"
                                   "[Service]\nNetworkNamespacePath=/run/nsd/ns/web/net\n"
                                   "ExecStart=python3 -m http.server --directory /srv 8080\n"
                                   "[Install]\nWantedBy=multi-user.target\n";
    static void expectServed() {
        await("[ \"$(nsctl exec web -- curl --silent http://127.0.0.1:8080/page)\" = served ]");
        // Nobody outside.
        EXPECT_NE(system().run({"curl", "--silent", "http://127.0.0.1:8080/page"}).status, 0);
    }
};

TEST_F(Declared, AUnitServesInsideOfItAndAgainAfterAReboot) {
    system().writeFile("/etc/nsd/namespaces.d/web.json",
        R"({"types": ["net", "uts"], "hostname": "web", "labels": {"tier": "front"}, "owner": "alice"})");
    system().writeFile("/srv/page", "served");
    system().writeFile("/etc/systemd/system/server.service", server);
    system().shell("systemctl daemon-reload; systemctl reload nsd; systemctl enable --now server");
    expectServed();
    as("alice", "nsctl create --rootless mine -t net,uts --hostname hers --map-root --persistent; "
                "nsctl grant mine user:bob hold; nsctl label mine kept=yes");
    const auto described = [] {
        return as("alice", "nsctl exec mine -- sh -c 'id -u; hostname; cat /proc/self/uid_map'; "
                           "nsctl list --label kept=yes | grep -o '^mine.*alice'") +
               as("bob", "nsctl hold mine echo held");
    };
    const auto before = described();
    system().shell("touch /run/before-the-reboot");

    system().reboot();
    EXPECT_EQ(system().run({"test", "-e", "/run/before-the-reboot"}).status, 1);
    await("nsctl --no-legend list | grep -q '^mine.* ready'");
    EXPECT_EQ(described(), before);
    expectServed();
    EXPECT_EQ(system().shell("nsctl exec web hostname"), "web");
    EXPECT_EQ(system().failedUnits(), "");

    // What a definition keeps is not destroyed by mistake.
    EXPECT_NE(refused("alice", "nsctl destroy web").find("web"), std::string::npos);
    as("alice", "nsctl destroy mine");
    EXPECT_EQ(system().shell("ls /var/lib/nsd/namespaces.d"), "");
    // The server goes before its namespace.
    system().shell("systemctl stop nsd@web");
    EXPECT_EQ(system().run({"systemctl", "is-active", "server"}).out, "inactive\n");
    // Declared, not made by the unit: left alone.
    EXPECT_EQ(system().shell("nsctl --no-legend list | cut -d' ' -f1"), "web");
    system().shell(
        "systemctl disable server; rm /etc/systemd/system/server.service /etc/nsd/namespaces.d/web.json; "
        "systemctl daemon-reload; systemctl reload nsd; nsctl destroy web");
}

TEST_F(Declared, AUnitsNamespaceComesAndGoesWithIt) {
    system().shell("systemctl start nsd@own");
    EXPECT_EQ(system().shell("nsctl --no-legend list | cut -d' ' -f1"), "own");
    EXPECT_NE(refused("root", "nsctl destroy own").find("own"), std::string::npos);
    const auto before = system().shell("stat -Lc %i /run/nsd/ns/own/net");
    system().shell("systemctl restart nsd");
    EXPECT_EQ(
        system().shell("systemctl is-active nsd@own; stat -Lc %i /run/nsd/ns/own/net"), "active\n" + before);
    system().shell("systemctl stop nsd@own");
    EXPECT_EQ(system().shell("nsctl --no-legend list"), "");
    // What was there already is left alone.
    system().shell("nsctl create there; systemctl start nsd@there; systemctl stop nsd@there");
    EXPECT_EQ(system().shell("nsctl --no-legend list | cut -d' ' -f1"), "there");
}

TEST_F(Declared, NsctlUnitWritesTheDropIn) {
    system().writeFile("/etc/systemd/system/server.service",
        "[Service]\nExecStart=python3 -m http.server --directory /srv 8080\n");
    system().writeFile("/srv/page", "served");
    system().shell(
        "systemctl daemon-reload; nsctl create web -t net; nsctl unit web server; systemctl start server");
    expectServed();
    EXPECT_EQ(system().shell("systemctl is-active nsd@web"), "active");
    system().shell("systemctl stop server nsd@web; nsctl unit --remove web server");
    EXPECT_EQ(system().shell("ls -d /etc/systemd/system/server.service.d 2>/dev/null || true"), "");
    system().shell("rm /etc/systemd/system/server.service; systemctl daemon-reload");
}

TEST_F(Declared, ABadFileStopsNothingElse) {
    system().writeFile("/etc/nsd/namespaces.d/bad.json", "{\n  \"types\": [\"nett\"]\n}\n");
    system().writeFile("/etc/nsd/namespaces.d/good.json", R"({"types": ["net"]})");
    system().shell("systemctl restart nsd");
    await("nsctl --no-legend list | grep -q '^good .* ready'");
    await("journalctl --unit=nsd --output=cat | grep -q 'namespaces.d/bad.json:2.*/types/0'");
    EXPECT_NE(system().run({"/usr/libexec/nsd", "--check-config"}).status, 0);
    system().shell("rm /etc/nsd/namespaces.d/*.json; systemctl reload nsd; nsctl destroy good");
    // A mistake in nsd.json: the old settings stay, and a start is refused.
    system().shell("cp /etc/nsd/nsd.json /root/nsd.json; echo '{\"workers\": \"many\"}' >/etc/nsd/nsd.json");
    EXPECT_NE(system().run({"systemctl", "reload", "nsd"}).status, 0);
    EXPECT_EQ(system().shell("systemctl is-active nsd"), "active");
    EXPECT_NE(system().run({"systemctl", "restart", "nsd"}).status, 0);
    EXPECT_EQ(system().shell("systemctl show --value --property=ExecMainStatus nsd"), "78");
    system().shell("cp /root/nsd.json /etc/nsd/nsd.json; systemctl reset-failed nsd; systemctl start nsd");
}

} // namespace
} // namespace nsd::test
