// SPDX-License-Identifier: LGPL-2.1-or-later
// Everything that nsd does once under the installed unit, whose filters and limits a test tree has not.
#include "tests/boot/boot_test.hpp"

namespace nsd::test {
namespace {

constexpr std::string_view keep = "/system.slice/nsd-keep.service/";

class Features : public BootTest {
  protected:
    static std::string create(const std::string& name, const std::string& arguments) {
        return system().shell(
            "busctl call org.nsd1 /org/nsd1 org.nsd1.Manager Create 'sasa{sv}' " + name + " " + arguments);
    }
    static std::string exec(const std::string& name, const std::string& script) {
        return system().shell("nsctl exec " + name + " -- sh -euc '" + script + "'");
    }
};

TEST_F(Features, EachType) {
    for (const auto* type : {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"}) {
        SCOPED_TRACE(type);
        const auto name = std::string(type);
        system().shell("nsctl create " + name + " -t " + name);
        EXPECT_EQ(system().shell("nsctl identify /run/nsd/ns/" + name + "/" + name), name + " " + name);
        EXPECT_EQ(exec(name, "readlink /proc/self/ns/" + name),
            name + ":[" + system().shell("stat -Lc %i /run/nsd/ns/" + name + "/" + name) + "]");
        EXPECT_EQ(system().shell("nsctl destroy --wait " + name).substr(0, name.size() + 1), name + ":");
    }
}

TEST_F(Features, NamesAndOwners) {
    create("box", "3 net uts user 6 owner u 1001 labels 'a{ss}' 1 a b hostname s inside domainname s domain "
                  "map-root b true request-id s one");
    EXPECT_EQ(
        exec("box", "hostname; domainname 2>/dev/null || cat /proc/sys/kernel/domainname"), "inside\ndomain");
    EXPECT_EQ(exec("box", "cat /proc/self/uid_map | xargs"), "0 1001 1");
    EXPECT_NE(system().shell("nsctl list --label a=b").find("alice"), std::string::npos);
    // Asked again with the same request, it is the same one.
    EXPECT_EQ(create("box",
                  "3 net uts user 6 owner u 1001 labels 'a{ss}' 1 a b hostname s inside domainname s domain "
                  "map-root b true request-id s one"),
        system().shell("busctl call org.nsd1 /org/nsd1 org.nsd1.Manager Get s box"));
}

TEST_F(Features, MapsAndSysctls) {
    system().shell("nsctl create mapped -t user,net,ipc --uid-map 0:100000:1000 --gid-map 0:200000:1000 "
                   "--sysctl net.ipv4.ip_forward=1 --sysctl kernel.msgmax=9999");
    EXPECT_EQ(
        exec("mapped", "id -u; cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/msgmax"), "0\n1\n9999");
    EXPECT_NE(exec("mapped", "cat /proc/self/gid_map").find("200000"), std::string::npos);
    // Another file system has no settings. The restart shows it to the workers.
    system().shell("mount -t tmpfs tmpfs /proc/sys/net; mkdir /proc/sys/net/ipv4; "
                   "echo untouched >/proc/sys/net/ipv4/ip_default_ttl; systemctl restart nsd");
    (void)refused("root", "nsctl create planted -t net --sysctl net.ipv4.ip_default_ttl=77");
    EXPECT_EQ(system().shell("cat /proc/sys/net/ipv4/ip_default_ttl; umount /proc/sys/net"), "untouched");
}

TEST_F(Features, ClocksOfTheirOwn) {
    system().shell("nsctl create late -t time --monotonic 5000 --boottime 100000");
    const auto outside = std::stod(system().shell("cut -d' ' -f1 /proc/uptime"));
    EXPECT_NEAR(std::stod(exec("late", "cut -d\" \" -f1 /proc/uptime")) - outside, 100'000, 60);
}

TEST_F(Features, ControlGroupsLiveInTheKeep) {
    system().shell("nsctl create grouped -t cgroup,pid,mnt");
    const auto uuid =
        system().shell("busctl get-property org.nsd1 $(busctl call org.nsd1 /org/nsd1 org.nsd1.Manager "
                       "Get s grouped | cut -d'\"' -f2) org.nsd1.Namespace ControlGroup | cut -d'\"' -f2");
    EXPECT_EQ(uuid.substr(0, keep.size()), keep);
    EXPECT_EQ(exec("grouped", "grep ^0: /proc/self/cgroup"), "0::/");
    EXPECT_EQ(exec("grouped", "ps --no-headers -o pid,comm -p 1 | xargs"), "1 nsd-init");
    system().shell("nsctl destroy --force grouped; [ ! -e /sys/fs/cgroup" + uuid + " ]");
}

TEST_F(Features, TimesAndLeases) {
    system().shell("nsctl create short -t net --ttl 1s; nsctl create leased -t net --lease");
    system().shell("nsctl hold leased -- nsctl exec leased ip link");
    await("[ -z \"$(nsctl --no-legend list)\" ]");
    system().shell("nsctl create freed -t net --lease");
    system().shell("systemd-run --quiet --unit=holder nsctl hold freed -- sleep infinity");
    await("nsctl --no-legend why freed | grep -q ^lease");
    system().shell("systemctl kill --signal=KILL holder");
    await("[ -z \"$(nsctl --no-legend list)\" ]");
    system().shell("systemctl reset-failed holder 2>/dev/null || true");
}

TEST_F(Features, DescriptorsAndSockets) {
    system().shell("nsctl create web -t net,uts");
    EXPECT_EQ(system()
                  .shell("busctl call org.nsd1 /org/nsd1 org.nsd1.Manager Enter 'sasa{sv}' web 0 0")
                  .substr(0, 7),
        "a{sh} 2");
    system().shell("nsctl grant web user:alice socket");
    // A socket inside, in the hands of a program outside.
    system().shell(
        "systemd-run --quiet --unit=server --uid=alice nsctl socket web tcp:127.0.0.1:8080 -- "
        "python3 -c 'import socket; s = socket.socket(fileno=3); c, _ = s.accept(); c.send(b\"hello\")'");
    await("nsctl exec web -- ss --no-header --listening --tcp --numeric | grep -q :8080");
    EXPECT_EQ(exec("web", "python3 -c \"import socket; print(socket.create_connection((\\\"127.0.0.1\\\", "
                          "8080)).recv(9).decode())\""),
        "hello");
}

// The unit's filter keeps nsd from asking a socket itself.
TEST_F(Features, WhoHasASocketInside) {
    system().shell("nsctl create web");
    system().shell("systemd-run --quiet --unit=server nsctl socket web tcp:127.0.0.1:8080 -- sleep infinity");
    await("nsctl exec web -- ss --no-header --listening --tcp --numeric | grep -q :8080");
    const auto pid = system().shell("systemctl show --value --property=MainPID server");
    await("nsctl why web --json=short | python3 -c 'import json, sys; rows = [r for r in "
          "json.load(sys.stdin)[\"holders\"] if r[\"kind\"] == \"socket\"]; "
          "assert [(r[\"pid\"], r[\"detail\"]) for r in rows] == [(" +
          pid + ", \"fd 3 (tcp 127.0.0.1:8080 listening)\")], rows'");
    system().shell("systemctl stop server; nsctl destroy web");
}

TEST_F(Features, SideBySideWithIpNetns) {
    system().shell("nsctl create web --publish; ip netns exec web ip link show lo; ip netns list-id");
    EXPECT_EQ(system().shell("ip netns list | cut -d' ' -f1"), "web");
    EXPECT_EQ(
        system().shell("stat -Lc %i /run/netns/web"), system().shell("stat -Lc %i /run/nsd/ns/web/net"));
    system().shell(
        "systemctl kill --kill-whom=main --signal=KILL nsd; until nsctl show web; do sleep 0.1; done");
    system().shell("ip netns del web; nsctl exec web ip link; nsctl destroy web");
    system().shell("ip netns add blue; nsctl import blue; nsctl destroy blue --timeout 0; ip netns del blue");
}

TEST_F(Features, PortsIntoANamespace) {
    system().shell("nsctl create web; nsctl grant web user:alice socket");
    system().shell("systemd-run --quiet --unit=inside nsctl socket web tcp:127.0.0.1:8080 -- python3 -c '"
                   "import socket\ns = socket.socket(fileno=3)\nwhile True: s.accept()[0].send(b\"hello\")'");
    system().shell("systemd-run --quiet --unit=port --property=Type=notify "
                   "nsctl forward web tcp:127.0.0.1:90:8080");
    system().shell("systemd-run --quiet --unit=users-port --property=Type=notify --uid=alice "
                   "nsctl forward web tcp:127.0.0.1:9090:8080");
    for (const auto* port : {"90", "9090"})
        await("python3 -c 'import socket; assert socket.create_connection((\"127.0.0.1\", " +
              std::string(port) + ")).recv(9) == b\"hello\"'");
    system().shell("systemctl stop inside; nsctl destroy web --force");
    await("! systemctl is-active --quiet port && ! systemctl is-active --quiet users-port");
    system().shell("systemctl reset-failed inside port users-port 2>/dev/null || true");
}

TEST_F(Features, CommandsOfUsers) {
    system().shell("nsctl create web -t net; nsctl grant web user:alice enter");
    const auto said =
        as("alice", "nsctl exec web -- sh -c 'id -u; cat /proc/self/cgroup; readlink /proc/self/ns/net; "
                    "grep -E \"NoNewPrivs|CapEff|Seccomp_filters\" /proc/self/status'");
    EXPECT_EQ(said.substr(0, 5), "1001\n");
    EXPECT_NE(said.find("/user.slice/user-1001.slice/"), std::string::npos) << said;
    EXPECT_NE(said.find(system().shell("stat -Lc %i /run/nsd/ns/web/net")), std::string::npos) << said;
    EXPECT_NE(said.find("NoNewPrivs:\t1"), std::string::npos) << said;
    EXPECT_NE(said.find("CapEff:\t0000000000000000"), std::string::npos) << said;
    // The filters are nsd's own, not its users'; those of the container are everybody's.
    EXPECT_NE(said.find(system().shell("grep Seccomp_filters /proc/1/status")), std::string::npos) << said;
    const auto status = system().runAs("alice", {"nsctl", "exec", "web", "--", "sh", "-c", "kill -TERM $$"});
    EXPECT_EQ(status.status, 128 + SIGTERM);
}

TEST_F(Features, Rootless) {
    as("alice", "nsctl create --rootless mine -t all --map-root --hostname hers --monotonic 50");
    EXPECT_EQ(as("alice", "nsctl exec mine -- sh -c 'id -u; hostname; ps --no-headers -o comm -p 1'"),
        "0\nhers\nnsd-init");
    as("alice", "nsctl create --rootless plain; nsctl exec plain ip link; nsctl destroy plain");
    as("alice", "nsctl destroy --force mine");
}

TEST_F(Features, Links) {
    system().shell(
        "nsctl create web --link up0:web0,addr=10.77.0.2/24,peer-addr=10.77.0.1/24; nsctl create box");
    EXPECT_NE(exec("web", "ip -4 -o addr show dev up0").find("10.77.0.2/24"), std::string::npos);
    system().shell("nsctl link add web --veth mid:mid@box,addr=10.78.0.1/24,peer-addr=10.78.0.2/24");
    EXPECT_NE(exec("box", "ip -4 -o addr show dev mid").find("10.78.0.2/24"), std::string::npos);
    EXPECT_NE(system().shell("nsctl link list web").find("10.77.0.2/24"), std::string::npos);
    system().shell("ip link add lend0 mtu 1400 type veth peer name lend1; ip link set lend0 up; "
                   "nsctl link move box lend0 --name wan; nsctl exec box ip link show wan");
    system().shell(
        "systemctl kill --kill-whom=main --signal=KILL nsd; until nsctl show box; do sleep 0.1; done; "
        "nsctl link return box wan");
    EXPECT_NE(system().shell("ip link show lend0").find("mtu 1400"), std::string::npos);
    system().shell("nsctl link move box lend0 --name wan; nsctl destroy --wait box");
    system().shell("ip link del lend0; nsctl destroy --wait web; ! ip link show web0 2>/dev/null");
}

// resolv.conf of the image is a symbolic link or a file; the host replaces it, as DHCP clients do.
TEST_F(Features, FilesOfItsOwnInEtc) {
    system().shell(
        "mkdir -p /root/etc; echo inside >/root/etc/resolv.conf; nsctl create web --etc /root/etc; "
        "[ ! -e /etc/resolv.conf ] || cp -P /etc/resolv.conf /etc/resolv.conf.saved; "
        "ln -sfn /run/stub /etc/resolv.conf; echo outside >/run/stub");
    EXPECT_EQ(exec("web", "cat /etc/resolv.conf; ls /sys/class/net; stat -f -c %T /sys/fs/cgroup"),
        "inside\nlo\ncgroup2fs");
    system().shell("nsctl grant web user:alice enter");
    EXPECT_EQ(as("alice", "nsctl exec web -- sh -c 'cat /etc/resolv.conf; ls /sys/class/net'"), "inside\nlo");
    const std::string script = "cat /etc/resolv.conf >/run/seen; until [ -e /run/go ]; do sleep 0.05; done; "
                               "cat /etc/resolv.conf >>/run/seen; touch /run/done";
    system().shell("printf '[Service]\nType=exec\nExecStart=/bin/sh -c \"" + script +
                   "\"\n' >/etc/systemd/system/site.service; nsctl unit web site; systemctl start site");
    system().shell(
        "systemd-run --quiet --unit=entered nsctl exec web -- sh -c 'until [ -e /run/go ]; do sleep "
        "0.05; done; cat /etc/resolv.conf >/run/seen.exec; touch /run/done.exec'");
    await("[ -s /run/seen ] && [ $(nsctl --no-legend why web | grep -c sh) -ge 2 ]");
    system().shell(
        "echo replaced >/etc/resolv.conf.new; mv /etc/resolv.conf.new /etc/resolv.conf; touch /run/go");
    await("[ -e /run/done ] && [ -e /run/done.exec ]");
    EXPECT_EQ(
        system().shell("cat /run/seen /run/seen.exec /etc/resolv.conf"), "inside\ninside\ninside\nreplaced");
    system().shell("systemctl stop site; nsctl unit --remove web site; rm /etc/systemd/system/site.service; "
                   "systemctl daemon-reload; rm -f /etc/resolv.conf; "
                   "[ ! -e /etc/resolv.conf.saved ] || mv /etc/resolv.conf.saved /etc/resolv.conf; "
                   "nsctl destroy --force web; ! grep ' /run/nsd[^ ]* .* overlay ' /proc/self/mountinfo");
    as("alice", "mkdir -p /home/alice/etc; echo hers >/home/alice/etc/hosts; nsctl create --rootless mine "
                "--etc /home/alice/etc");
    EXPECT_EQ(
        as("alice", "nsctl exec mine cat /etc/hosts; nsctl destroy mine >/dev/null; rm -r /home/alice/etc"),
        "hers");
}

TEST_F(Features, NetworksOfPlugins) {
    system().shell("nsctl create web --cni /usr/share/doc/nsd-manager/examples/lan.conflist");
    EXPECT_NE(exec("web", "ip -brief -4 address show eth0").find("10.88.7."), std::string::npos);
    EXPECT_EQ(system().shell("ls /var/lib/cni/networks/lan | grep -c ^10"), "1");
    system().shell("nsctl destroy web; [ -z \"$(ls /var/lib/cni/networks/lan | grep ^10)\" ] && "
                   "[ -z \"$(ls /var/lib/nsd/cni)\" ] && ip link delete lan0");
    // The plugins ran in units of their own.
    EXPECT_NE(system().shell("journalctl --no-pager -u 'nsd-cni-*' -o cat; echo done"), "");
}

TEST_F(Features, AdoptedByItsOwner) {
    as("alice", "unshare --user --map-root-user --net sleep 60 & pid=$!; "
                "until [ \"$(readlink /proc/$pid/ns/net)\" != \"$(readlink /proc/self/ns/net)\" ] && "
                "grep -q . /proc/$pid/uid_map; do sleep 0.05; done; "
                "until nsctl adopt found --pid $pid -t user,net 2>/dev/null; do sleep 0.1; done; kill $pid");
    EXPECT_EQ(as("alice",
                  "nsctl exec found -- ls /sys/class/net >/dev/null; nsctl --no-legend list | cut -d' ' -f1"),
        "found");
}

} // namespace
} // namespace nsd::test
