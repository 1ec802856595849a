// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What a command in a network namespace sees of the file system: the /sys of that namespace, and all else as
// outside, by one mount namespace that is made once.
#include "tests/support/mount_table.hpp"
#include "tests/support/ordinary_users.hpp"
#include "tests/system/exec_client.hpp"
#include "tests/system/manager_calls.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace nsd::test {
namespace {

constexpr const char* showMounts = "readlink /proc/self/ns/mnt";

class View : public UserTest {
  protected:
    std::string inside(const std::string& name, const std::string& script, const Arguments& options = {}) {
        Arguments line{"exec", name};
        line.insert(line.end(), options.begin(), options.end());
        line.insert(line.end(), {"--", "sh", "-c", script});
        return nsctl(line);
    }
    // By nsd, as this user.
    std::string insideByDaemon(uid_t uid, const std::string& name, const std::string& script) {
        std::array<int, 2> ends{};
        if (::pipe(ends.data()) != 0)
            throw std::runtime_error("pipe");
        const UniqueFd reader(ends[0]);
        UniqueFd writer(ends[1]);
        ExecClient client(daemon().busAddress(), uid);
        const auto started = client.exec(name, {"sh", "-c", script}, {{{"stdout", writer.get()}}, {}, false});
        writer.reset();
        std::string out;
        std::array<char, 4096> buffer{};
        for (ssize_t got = 0; (got = ::read(reader.get(), buffer.data(), buffer.size())) > 0;)
            out.append(buffer.data(), static_cast<std::size_t>(got));
        static_cast<void>(client.wait(started.path));
        return out.substr(0, out.find_last_not_of('\n') + 1);
    }
};

std::vector<std::string> pointsBelowSys(const std::string& mountinfo) {
    std::vector<std::string> points;
    std::istringstream lines(mountinfo);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string word;
        for (int i = 0; i < 5; ++i)
            words >> word;
        if (word.starts_with("/sys/"))
            points.push_back(word + line.substr(line.find(" - ")));
    }
    std::sort(points.begin(), points.end());
    return points;
}

TEST_F(View, SysShowsTheLinksOfTheNamespaceAlone) {
    nsctl({"create", "web"});
    EXPECT_EQ(inside("web", "ls /sys/class/net"), "lo");
    EXPECT_EQ(insideByDaemon(0, "web", "ls /sys/class/net"), "lo");
    mustDie("web");
    destroy("web");
}

TEST_F(View, WhatTheHostHasMountedBelowSysIsStillThere) {
    nsctl({"create", "web"});
    const auto outside = pointsBelowSys(mustRun({"cat", "/proc/self/mountinfo"}));
    ASSERT_FALSE(outside.empty());
    EXPECT_EQ(pointsBelowSys(inside("web", "cat /proc/self/mountinfo")), outside);
    for (const auto& group : MountTable::read("self").ofType("cgroup2"))
        EXPECT_EQ(inside("web", "cat " + group.point + "/cgroup.controllers"),
            mustRun({"cat", group.point + "/cgroup.controllers"}));
    destroy("web");
}

TEST_F(View, IsOneMountNamespaceForAllCommands) {
    nsctl({"create", "web"});
    const auto first = inside("web", showMounts);
    EXPECT_NE(first, mustRun({"readlink", "/proc/self/ns/mnt"}));
    EXPECT_EQ(inside("web", showMounts), first);
    EXPECT_EQ(insideByDaemon(0, "web", showMounts), first);
    daemon().restart();
    EXPECT_EQ(inside("web", "ls /sys/class/net"), "lo");
    destroy("web");
}

TEST_F(View, HasNoneOfThePinsHoweverManyThereAre) {
    constexpr int many = 1000;
    const auto count = [&](const std::string& name) {
        const auto table = inside(name, "cat /proc/self/mountinfo");
        return std::count(table.begin(), table.end(), '\n');
    };
    nsctl({"create", "first"});
    const auto alone = count("first");
    Arguments destruction{"-q", "destroy", "--timeout=0"};
    for (int i = 0; i < many; ++i) {
        destruction.push_back("n" + std::to_string(i));
        ASSERT_EQ(errorOfCreate(daemon().busAddress(), destruction.back(), {"uts"}).text, "");
    }
    nsctl({"create", "last"});
    EXPECT_EQ(count("last"), alone);
    EXPECT_EQ(count("first"), alone);
    nsctl(destruction);
    destroy("first");
    destroy("last");
}

TEST_F(View, TheDirectoryStaysWhatItWas) {
    nsctl({"create", "web"});
    CommandOptions options;
    options.workingDirectory = daemon().directory().path();
    EXPECT_EQ(daemon().mustNsctl({"exec", "web", "--", "pwd"}, options), options.workingDirectory);
    EXPECT_EQ(daemon().mustNsctl({"exec", "web", "--", "ls", "log"}, options), "log");
    destroy("web");
}

// Of directories that are there anyway, bound where a chroot finds them.
TEST_F(View, ARootOfNsctlsOwnStaysWhatItWas) {
    nsctl({"create", "web"});
    const TempDir root;
    std::filesystem::create_directories(root / "proc");
    const auto build = *std::next(TestDaemon::binary("nsctl").begin()); // /NAME/...: where nsctl stands
    const std::vector<std::string> points{"usr", "bin", "lib", "lib64", "tmp", build.string()};
    // In a mount namespace of nsd's there would be none of these: the command is found because it stays here.
    std::string script = "set -e; cd " + root.path().string() + "; touch mark; mount --rbind /proc proc; ";
    for (const auto& point : points)
        script += "[ ! -d /" + point + " ] || { mkdir -p " + point + "; mount --bind /" + point + " " +
                  point + "; }; ";
    CommandOptions options;
    options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
    mustRun({"sh", "-c", script}, options);
    const auto said = run(
        {"chroot", root.path(), TestDaemon::binary("nsctl"), "exec", "web", "--", "ls", "/mark"}, options);
    unmountBelow(root.path());
    EXPECT_EQ(said.out, "/mark\n") << said.err;
    destroy("web");
}

TEST_F(View, WhoLivesAmongOtherMountsKeepsThem) {
    nsctl({"create", "web"});
    CommandOptions options;
    options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
    const auto script = std::string(showMounts) + "; exec " + TestDaemon::binary("nsctl").string() +
                        " exec web -- " + showMounts;
    const auto said = mustRun({"unshare", "--mount", "sh", "-c", script}, options);
    EXPECT_EQ(said.substr(0, said.find('\n')), said.substr(said.find('\n') + 1));
    destroy("web");
}

TEST_F(View, APidNamespaceHasItsOwnProcBesides) {
    nsctl({"create", "box", "-t", "net,pid"});
    EXPECT_EQ(inside("box", "ls /sys/class/net; cat /proc/1/comm"), "lo\nnsd-init");
    EXPECT_EQ(insideByDaemon(0, "box", "ls /sys/class/net; cat /proc/1/comm"), "lo\nnsd-init");
    EXPECT_EQ(inside("box", "cat /proc/1/comm; ls /sys/class/net", {"-t", "net"}),
        mustRun({"cat", "/proc/1/comm"}) + "\nlo");
    mustDie("box");
    destroy("box");
}

TEST_F(View, TheOwnerOfAUserNamespaceHasOneOfHisOwn) {
    mustAs(user, {"create", "--rootless", "--map-root", "box", "-t", "user,net"});
    const std::string script = "ls /sys/class/net; mount -t tmpfs none /mnt && stat -f -c %T /mnt; "
                               "umount /mnt; umount /sys 2>/dev/null && ls /sys/class/net";
    const auto his = as(user, {"exec", "box", "--", "sh", "-c", script});
    EXPECT_EQ(his.out, "lo\ntmpfs\n") << his.err << "what nsd mounted there cannot be taken away";
    EXPECT_EQ(insideByDaemon(user, "box", "ls /sys/class/net"), "lo");
    EXPECT_EQ(inside("box", "ls /sys/class/net"), "lo");
    EXPECT_EQ(inside("box", "ls /sys/class/net", {"-t", "net"}), "lo");
    mustDie("box");
    mustAs(user, {"destroy", "box"});
}

TEST_F(View, TheOwnersPidNamespaceHasItsOwnProcBesides) {
    mustAs(user, {"create", "--rootless", "--map-root", "box", "-t", "user,net,pid"});
    const std::string script = "ls /sys/class/net; cat /proc/1/comm";
    EXPECT_EQ(as(user, {"exec", "box", "--", "sh", "-c", script}).out, "lo\nnsd-init\n");
    EXPECT_EQ(insideByDaemon(user, "box", script), "lo\nnsd-init");
    EXPECT_EQ(inside("box", script), "lo\nnsd-init");
    mustDie("box");
    mustAs(user, {"destroy", "box"});
}

TEST_F(View, NsdIsReachedFromInside) {
    nsctl({"create", "web"});
    EXPECT_EQ(
        inside("web", TestDaemon::binary("nsctl").string() + " list --no-legend | cut -d' ' -f1"), "web");
    EXPECT_EQ(inside("web", "ls " + (daemon().runtimeDirectory() / "ns").string()), "");
    destroy("web");
}

TEST_F(View, SurvivesAKilledDaemon) {
    nsctl({"create", "web"});
    BackgroundProcess sleeper({"env", "NSD_BUS_ADDRESS=" + daemon().busAddress(), TestDaemon::binary("nsctl"),
        "exec", "web", "--", "sleep", "1000"});
    EXPECT_TRUE(eventually([&] {
        return run({"readlink", "/proc/" + std::to_string(sleeper.pid()) + "/ns/net"}).out !=
               run({"readlink", "/proc/self/ns/net"}).out;
    }));
    daemon().kill9();
    daemon().start();
    EXPECT_EQ(mustRun({"nsenter", "-t", std::to_string(sleeper.pid()), "-m", "ls", "/sys/class/net"}), "lo");
    EXPECT_EQ(inside("web", "ls /sys/class/net"), "lo");
    sleeper.kill();
    mustDie("web");
    destroy("web");
}

} // namespace
} // namespace nsd::test
