// SPDX-License-Identifier: LGPL-2.1-or-later
//
// libnsd as a program has it, on a running nsd.
#include "tests/support/ordinary_users.hpp"

#include <nsd/nsd.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <fstream>
#include <grp.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::test {
namespace {

namespace lib = nsd::v0; // as nsd::, for who has nothing of nsd's own
using lib::Type;
using namespace std::chrono_literals;

class Library : public UserTest {
  protected:
    [[nodiscard]] lib::Client connect() {
        return lib::Client(lib::ConnectOptions().address(daemon().busAddress()));
    }
    static void destroy(lib::Client& client, const std::string& name) {
        client.destroy(name, lib::DestroyOptions().force().timeout(20s));
    }
};

std::string firstLine(const std::string& path) {
    std::string line;
    std::getline(std::ifstream(path), line);
    return line;
}

lib::Fd openFile(const std::string& path) {
    return lib::Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

// What `work` throws.
template <class Work>
lib::Error errorOf(Work work) {
    try {
        static_cast<void>(work());
    } catch (const lib::Error& error) {
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {lib::Errc::KernelError, ""};
}

// In a process of its own; what fails there is told by its status.
int statusOfChild(const std::function<int()>& work) {
    const pid_t child = ::fork();
    if (child == 0) {
        int status = 99;
        try {
            status = work();
        } catch (const std::exception& error) {
            std::fprintf(stderr, "%s\n", error.what());
        }
        ::_exit(status);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

TEST_F(Library, ShowsWhatWasAskedFor) {
    auto client = connect();
    auto options = lib::CreateOptions().hostname("inside").label("purpose", "test").owner(user);
    const auto copy = options;
    options.sysctl("net.ipv4.ip_forward", "1").monotonicOffset(90s);
    const auto path = client.create("web", {Type::Net, Type::Uts, Type::Time}, options);
    client.create("box", {Type::Uts}, copy);

    const auto web = client.get("web");
    EXPECT_EQ(web.path(), path);
    EXPECT_EQ(web.types(), (lib::Types{Type::Net, Type::Time, Type::Uts}));
    EXPECT_EQ(web.owner(), user);
    EXPECT_EQ(web.labels(), (lib::Labels{{"purpose", "test"}}));
    EXPECT_EQ(web.state(), "ready");
    EXPECT_EQ(web.origin(), "created");
    EXPECT_EQ(web.lifetime(), "manual");
    EXPECT_EQ(web.pin(Type::Net), daemon().pin("web", "net"));
    EXPECT_EQ(web.pin(Type::Pid), "");
    EXPECT_EQ(web.inode(Type::Uts), inodeOf(daemon().pin("web", "uts")));
    EXPECT_EQ(web.publicPath(), "");
    EXPECT_LT(std::chrono::system_clock::now() - web.created(), 10min);
    EXPECT_EQ(nsctl({"exec", "web", "--", "cat", "/proc/sys/net/ipv4/ip_forward"}), "1");

    const auto rows = client.list({{"purpose", "test"}});
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(rows[0].name(), "box");
    EXPECT_EQ(rows[1].uuid(), web.uuid());
    EXPECT_EQ(rows[1].types(), web.types());
    EXPECT_EQ(client.list({{"purpose", "other"}}).size(), 0U);
    EXPECT_EQ(client.status().namespaces(), 2U);
    EXPECT_EQ(client.status().bus(), daemon().busAddress());
    destroy(client, "web");
    destroy(client, "box");
}

TEST_F(Library, ChangesWhatIsThere) {
    auto client = connect();
    client.subscribe();
    const auto path = client.create("web", {Type::Net});
    client.rename("web", "net");
    client.setLabels(path, {{"a", "b"}});
    client.grant("net", {"user", user, {"enter", "hold"}});
    client.revoke("net", {"user", user, {"hold"}});
    client.create("peer", {Type::Net},
        lib::CreateOptions().veth(
            lib::Veth("eth0").peer("eth0").peerNamespace("net").peerAddress("192.0.2.1/24")));
    client.addLink("net", lib::Veth("eth1").peer("eth1").peerNamespace("peer").mtu(1400));
    const auto net = client.get("net");
    EXPECT_EQ(net.labels(), (lib::Labels{{"a", "b"}}));
    ASSERT_EQ(net.grants().size(), 1U);
    EXPECT_EQ(net.grants().front().rights, (std::vector<std::string>{"enter"}));
    EXPECT_NE(nsctl({"link", "list", "net"}).find("192.0.2.1/24"), std::string::npos);
    EXPECT_NE(nsctl({"link", "list", "net"}).find("1400"), std::string::npos);
    client.destroy("peer");

    const auto pin = openFile(net.pin(Type::Net));
    EXPECT_EQ(client.identify(pin.get()), (std::pair{std::string("net"), Type::Net}));
    const lib::Fd self(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
    EXPECT_TRUE(client.identifyProcess(self.get()).empty());
    ASSERT_FALSE(client.holders("net").empty());
    EXPECT_EQ(client.holders("net").front().type, "net");

    std::vector<std::string> told;
    while (const auto event = client.nextEvent(0s))
        if (event->path == path)
            told.push_back(event->what);
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.front(), "new");
    EXPECT_NE(std::find(told.begin(), told.end(), "renamed"), told.end());
    const auto end = client.destroy("net", lib::DestroyOptions().timeout(100ms));
    EXPECT_EQ(end.released, lib::Destroyed::Released::No);
    EXPECT_TRUE(std::any_of(end.holders.begin(), end.holders.end(),
        [](const auto& holder) { return holder.pid == static_cast<std::uint32_t>(::getpid()); }));
}

TEST_F(Library, NamesWhatTheCallerHasOpened) {
    auto client = connect();
    const BackgroundProcess home({"unshare", "--uts", "sleep", "1000"});
    const auto file = "/proc/" + std::to_string(home.pid()) + "/ns/uts";
    EXPECT_TRUE(eventually([&] { return inodeOf(file) != inodeOf("/proc/self/ns/uts"); }));
    client.adopt("mine", {{Type::Uts, openFile(file).get()}}, lib::CreateOptions().label("a", "b"));
    EXPECT_EQ(client.get("mine").origin(), "adopted");
    client.destroy("mine", lib::DestroyOptions().timeout(0s));
}

TEST_F(Library, SaysWhatWentWrong) {
    auto client = connect();
    const auto missing = errorOf([&] { return client.get("web"); });
    EXPECT_EQ(missing.code(), lib::Errc::NoSuchNamespace);
    EXPECT_EQ(missing.name(), "org.nsd1.Error.NoSuchNamespace");
    EXPECT_NE(std::string(missing.what()).find("web"), std::string::npos);
    EXPECT_EQ(errorOf([&] { return client.create("a/b", {Type::Net}); }).code(), lib::Errc::InvalidName);
    EXPECT_EQ(errorOf([&] { return client.create("web", {}); }).code(), lib::Errc::InvalidArgument);
    const auto closed = errorOf([&] { return client.adopt("web", {{Type::Net, 9999}}); });
    EXPECT_EQ(closed.code(), lib::Errc::WrongFd);
    EXPECT_EQ(errorOf([&] { return lib::typeFromWord("network"); }).code(), lib::Errc::InvalidArgument);
    EXPECT_EQ(lib::typeFromWord(lib::toWord(Type::Uts)), Type::Uts);

    lib::Client nobody(lib::ConnectOptions().address("unix:path=/nonexistent"));
    EXPECT_EQ(errorOf([&] { return nobody.status(); }).code(), lib::Errc::NoDaemon);
    EXPECT_EQ(errorOf([&] { return nobody.list(); }).name(), "org.freedesktop.DBus.Error.ServiceUnknown");
    const int status = statusOfChild([&] {
        ::setenv("NSD_BUS_ADDRESS", daemon().busAddress().c_str(), 1);
        return lib::Client().list().empty() ? 0 : 1;
    });
    EXPECT_EQ(status, 0);
}

TEST_F(Library, AnswersOnceMoreAfterNsdWasAway) {
    auto client = connect();
    client.create("web", {Type::Uts});
    daemon().kill9();
    EXPECT_EQ(errorOf([&] { return client.get("web"); }).code(), lib::Errc::Unanswered);
    daemon().restart();
    EXPECT_EQ(client.get("web").state(), "ready");
    destroy(client, "web");
}

TEST_F(Library, RunsAFunctionInside) {
    auto client = connect();
    client.create("box", lib::allTypes(),
        lib::CreateOptions().hostname("inside").uidMap({{0, 100000, 1000}}).gidMap({{0, 100000, 1000}}));
    EXPECT_EQ(client.enter("box").types(), lib::allTypes());
    const auto pin = inodeOf(daemon().pin("box", "net"));
    const auto inside = [&](const std::optional<lib::User>& who, const std::function<int()>& program) {
        return client.enter("box").run(program, who);
    };
    // Its status says which of them does not hold.
    const int unlike = inside({}, [&] {
        const std::vector<bool> facts{inodeOf("/proc/self/ns/net") == pin, ::getuid() == 0, ::getpid() > 1,
            firstLine("/proc/1/comm") == "nsd-init", firstLine("/proc/sys/kernel/hostname") == "inside",
            firstLine("/proc/self/cgroup").ends_with(":/")};
        return static_cast<int>(std::find(facts.begin(), facts.end(), false) - facts.begin());
    });
    EXPECT_EQ(unlike, 6);
    EXPECT_EQ(
        inside(lib::User{10, 20, {30}}, [] { return ::getuid() == 10 && ::getgid() == 20 ? 0 : 1; }), 0);
    EXPECT_EQ(inside({}, [] { return ::raise(SIGKILL); }), 128 + SIGKILL);
    EXPECT_EQ(inside({}, []() -> int { throw std::runtime_error("anything"); }), 125);
    const auto unmapped = errorOf([&] { return inside(lib::User{5000, 0, {}}, [] { return 0; }); });
    EXPECT_EQ(unmapped.code(), lib::Errc::InvalidArgument);
    EXPECT_NE(std::string(unmapped.what()).find("uid 5000 does not exist"), std::string::npos);
    // This process is where it was.
    EXPECT_NE(inodeOf("/proc/self/ns/net"), pin);
    destroy(client, "box");
}

TEST_F(Library, JoinsAsAProcessWants) {
    auto client = connect();
    client.create("box", {Type::Net, Type::Pid, Type::User});
    EXPECT_EQ(statusOfChild([&] {
        auto entrance = connect().enter("box", {Type::Net});
        const bool forks = entrance.needsFork();
        const auto pin = inodeOf(daemon().pin("box", "net"));
        entrance.join();
        return !forks && inodeOf("/proc/self/ns/net") == pin ? 0 : 1;
    }),
        0);
    EXPECT_EQ(statusOfChild([&] {
        auto entrance = connect().enter("box");
        if (!entrance.needsFork())
            return 1;
        entrance.join();
        return statusOfChild([&] {
            entrance.finish();
            return firstLine("/proc/1/comm") == "nsd-init" && ::getpid() < 10 ? 0 : 2;
        });
    }),
        0);
    {
        auto entrance = client.enter("box", {Type::Net, Type::User});
        const auto fd = entrance.release(Type::Net);
        EXPECT_TRUE(fd);
        EXPECT_EQ(entrance.fd(Type::Net), -1);
        const auto early = errorOf([&] {
            entrance.finish();
            return 0;
        });
        EXPECT_EQ(early.code(), lib::Errc::InvalidArgument);
    }
    destroy(client, "box");
}

TEST_F(Library, LetsAUserIntoHisOwn) {
    EXPECT_EQ(statusOfChild([&] {
        if (::setgroups(0, nullptr) != 0 || ::setresgid(user, user, user) != 0 ||
            ::setresuid(user, user, user) != 0)
            return 90;
        auto client = connect();
        client.create("mine", {Type::User, Type::Net, Type::Uts, Type::Mnt},
            lib::CreateOptions().rootless().mapRoot().hostname("his"));
        const int status = client.enter("mine").run(
            [] { return ::getuid() == 0 && firstLine("/proc/sys/kernel/hostname") == "his" ? 0 : 1; });
        client.destroy("mine");
        return status;
    }),
        0);
    auto client = connect();
    client.create("web", {Type::Net});
    const auto asUser = [&](auto work) {
        return statusOfChild([&] {
            if (::setresuid(user, user, user) != 0)
                return 90;
            auto own = connect();
            const auto error = errorOf([&] { return work(own); });
            return error.code() == lib::Errc::AccessDenied ? 0 : error.errnoValue();
        });
    };
    EXPECT_EQ(asUser([](auto& own) { return own.enter("web").types().size(); }), 0);
    client.grant("web", {"user", user, {"fds"}});
    EXPECT_EQ(asUser([](auto& own) { return own.enter("web").run([] { return 0; }); }), EPERM);
    destroy(client, "web");
}

TEST_F(Library, StartsCommandsThroughNsd) {
    auto client = connect();
    client.create("web", {Type::Net});
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const lib::Fd out(ends[0]);
    lib::Fd in(ends[1]);
    auto said = client.exec("web", {"/bin/sh", "-c", "echo $WORD; pwd; exit 3"},
        lib::ExecOptions().environment({"WORD=hello"}).directory("/tmp").standard(-1, in.get(), -1));
    in.reset();
    EXPECT_EQ(said.wait().status, 3);
    std::array<char, 64> text{};
    const auto length = ::read(out.get(), text.data(), text.size());
    EXPECT_EQ(std::string(text.data(), length > 0 ? static_cast<std::size_t>(length) : 0), "hello\n/tmp\n");

    auto sleeping = client.exec("web", {"/bin/sleep", "1000"});
    EXPECT_FALSE(sleeping.wait(10ms));
    sleeping.kill(SIGTERM);
    const auto end = sleeping.wait();
    EXPECT_EQ(end.code, CLD_KILLED);
    EXPECT_EQ(end.status, SIGTERM);
    destroy(client, "web");
}

TEST_F(Library, KeepsALeaseAndOpensSockets) {
    auto client = connect();
    client.create("web", {Type::Net}, lib::CreateOptions().lease());
    const auto there = [&] { return !client.list().empty(); };
    {
        const auto lease = client.hold("web");
        EXPECT_EQ(lease.state(), lib::Lease::State::Held);
        const auto socket = client.openSocket("web", AF_INET, SOCK_DGRAM);
        sockaddr_in any{};
        any.sin_family = AF_INET;
        EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&any), sizeof any), 0);
        daemon().terminate();
        EXPECT_TRUE(eventually([&] { return lease.state() == lib::Lease::State::Away; }));
        daemon().restart();
        EXPECT_TRUE(eventually([&] { return lease.state() == lib::Lease::State::Held; }));
        EXPECT_TRUE(eventually([&] {
            try {
                return there();
            } catch (const lib::Error& error) {
                return error.code() != lib::Errc::Unanswered;
            }
        }));
    }
    EXPECT_TRUE(eventually([&] { return !there(); }));
    client.create("web", {Type::Net}, lib::CreateOptions().lease());
    const auto lease = client.hold("web");
    destroy(client, "web");
    EXPECT_TRUE(eventually([&] { return lease.state() == lib::Lease::State::Revoked; }));
}

} // namespace
} // namespace nsd::test
