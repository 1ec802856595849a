// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A namespace that is kept alive in turn by each kind of holder, and who `nsctl why` and Destroy say that it
// is.
#include "common/namespace_type.hpp"
#include "tests/support/ordinary_users.hpp"
#include "tests/support/own_host_test.hpp"
#include "tests/system/lent_link.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <functional>
#include <future>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sched.h>
#include <string>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

namespace nsd::test {
namespace {

using Json = nlohmann::json;

// A thread of the test that does something first and then stays as it is.
class ResidentThread {
  public:
    explicit ResidentThread(const std::function<void()>& work) {
        std::promise<pid_t> ready;
        thread_ = std::thread([&] {
            work();
            ready.set_value(static_cast<pid_t>(::syscall(SYS_gettid)));
            end_.get_future().wait();
        });
        number_ = ready.get_future().get();
    }
    ~ResidentThread() {
        end_.set_value();
        thread_.join();
    }
    ResidentThread(const ResidentThread&) = delete;
    ResidentThread& operator=(const ResidentThread&) = delete;
    [[nodiscard]] pid_t number() const noexcept { return number_; }

  private:
    std::promise<void> end_;
    std::thread thread_;
    pid_t number_ = 0;
};

class Why : public OwnHostTest<UserTest> {
  protected:
    static Json rowsOf(const Json& holders, const std::string& kind) {
        Json rows = Json::array();
        std::copy_if(holders.begin(), holders.end(), std::back_inserter(rows),
            [&](const Json& row) { return row.at("kind") == kind; });
        return rows;
    }
    Json why(const std::string& kind) {
        return rowsOf(Json::parse(nsctl({"why", "web", "--json=short"})).at("holders"), kind);
    }
    Json whyAs(uid_t uid, const std::string& kind) {
        return rowsOf(Json::parse(mustAs(uid, {"why", "web", "--json=short"})).at("holders"), kind);
    }
    // It is the only one of its kind, and root alone is shown it. `detail`: a part of it.
    void expectHolder(const std::string& kind, std::optional<pid_t> pid, const std::string& type,
        const std::string& detail = "") {
        ASSERT_TRUE(eventually([&] { return why(kind).size() == 1; })) << nsctl({"why", "web"});
        expectRow(why(kind).at(0), kind, pid, type, detail);
        EXPECT_EQ(whyAs(user, kind), Json::array());
    }
    static void expectRow(const Json& row, const std::string& kind, std::optional<pid_t> pid,
        const std::string& type, const std::string& detail) {
        EXPECT_EQ(row.at("kind"), kind);
        EXPECT_TRUE(!pid || row.at("pid") == *pid) << row;
        EXPECT_EQ(row.at("type"), type) << row;
        EXPECT_NE(row.at("detail").get<std::string>().find(detail), std::string::npos) << row;
    }
    // And it is what the kernel does not release the namespace for.
    void destroyNames(const std::string& kind, std::optional<pid_t> pid, const std::string& type) {
        const auto answer = Json::parse(nsctl({"destroy", "web", "--timeout", "200ms", "--json=short"}));
        EXPECT_EQ(answer.at("released"), "no") << answer;
        const auto rows = rowsOf(answer.at("holders"), kind);
        ASSERT_EQ(rows.size(), 1U) << answer;
        expectRow(rows.at(0), kind, pid, type, "");
    }
    void create(const std::string& types) {
        nsctl({"create", "web", "-t", types});
        mustDie("web");
    }
    std::string pin(const std::string& type) { return daemon().pin("web", type).string(); }
    UniqueFd openPin(const std::string& type) {
        UniqueFd fd(::open(pin(type).c_str(), O_RDONLY | O_CLOEXEC));
        EXPECT_TRUE(fd) << pin(type);
        return fd;
    }
    // A program that has this as its descriptor 27, and is the only one.
    static std::unique_ptr<BackgroundProcess> keeper(UniqueFd fd) {
        CommandOptions options;
        options.descriptors[27] = fd.get();
        return std::make_unique<BackgroundProcess>(Arguments{"sleep", "1000"}, options);
    }
};

TEST_F(Why, AProcessAndAThread) {
    create("net");
    BackgroundProcess inside({"nsenter", "--net=" + pin("net"), "sleep", "1000"});
    expectHolder("process", inside.pid(), "net", "lives in it");
    const auto text = mustAs(user, {"why", "web"});
    EXPECT_NE(text.find("web: nothing of yours holds it"), std::string::npos) << text;
    inside.kill();

    const ResidentThread thread(
        [&] { ASSERT_EQ(::setns(openPin("net").get(), CLONE_NEWNET), 0) << std::strerror(errno); });
    expectHolder("thread", ::getpid(), "net", "thread " + std::to_string(thread.number()));
    destroyNames("thread", ::getpid(), "net");
}

TEST_F(Why, Process1) {
    create("pid");
    const auto inits = daemon().inits();
    ASSERT_EQ(inits.size(), 1U);
    expectHolder("init", inits[0], "pid");
    // It stays for the others, and ends with the last of them.
    const BackgroundProcess inside({"nsenter", "--pid=" + pin("pid"), "sleep", "1000"});
    ASSERT_TRUE(eventually([&] { return why("process").size() == 1; }));
    const auto sleeper = why("process").at(0).at("pid").get<pid_t>();
    destroyNames("init", inits[0], "pid");
    ::kill(sleeper, SIGKILL);
}

TEST_F(Why, AProcessThatHasEnded) {
    create("user");
    const BackgroundProcess parent(
        {"sh", "-c", "nsenter --preserve-credentials --user=" + pin("user") + " true & exec sleep 1000"});
    expectHolder("zombie", std::nullopt, "user", "its parent, process " + std::to_string(parent.pid()));
    destroyNames("zombie", std::nullopt, "user");
}

TEST_F(Why, ChildrenThatAreNotThereYet) {
    create("pid");
    BackgroundProcess parent({"nsenter", "--pid=" + pin("pid"), "--no-fork", "sleep", "1000"});
    expectHolder("children", parent.pid(), "pid", "its children will live in it");
    destroyNames("children", parent.pid(), "pid");
    parent.kill();

    // Who joins a time namespace lives in it at once, but not who makes one.
    const ResidentThread thread(
        [] { ASSERT_EQ(::unshare(cloneFlag(NamespaceType::Time)), 0) << std::strerror(errno); });
    const auto number = std::to_string(thread.number());
    nsctl({"adopt", "web",
        "time=/proc/" + std::to_string(::getpid()) + "/task/" + number + "/ns/time_for_children"});
    mustDie("web");
    expectHolder("children", ::getpid(), "time", "children of thread " + number);
    destroyNames("children", ::getpid(), "time");
}

TEST_F(Why, ADescriptor) {
    create("net");
    const auto holder = keeper(openPin("net"));
    expectHolder("fd", holder->pid(), "net", "fd 27");
    destroyNames("fd", holder->pid(), "net");
}

TEST_F(Why, ASocketOfSomebodyElsewhere) {
    create("net");
    UniqueFd socket;
    std::thread([&] {
        ASSERT_EQ(::setns(openPin("net").get(), CLONE_NEWNET), 0) << std::strerror(errno);
        socket.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    }).join();
    const auto holder = keeper(std::move(socket));
    expectHolder("socket", holder->pid(), "net", "fd 27 (tcp not bound)");
    destroyNames("socket", holder->pid(), "net");
}

TEST_F(Why, AMountElsewhere) {
    create("net");
    const auto file = (daemon().directory() / "bound").string();
    const BackgroundProcess holder({"unshare", "--mount", "--propagation=private", "sh", "-c",
        "touch " + file + "; mount --bind " + pin("net") + ' ' + file + "; exec sleep 1000"});
    expectHolder("mount", holder.pid(), "net", "mounted at " + file);
    EXPECT_EQ(why("pin").size(), 1U) << "a copy of the pin in that mount namespace is none";
    destroyNames("mount", holder.pid(), "net");
}

TEST_F(Why, ANamespaceBelowOrOwned) {
    const auto enter = [&] { return "nsenter --preserve-credentials --user=" + pin("user"); };
    create("user");
    BackgroundProcess child({"sh", "-c", "exec " + enter() + " unshare --user sleep 1000"});
    expectHolder("namespace", child.pid(), "user", "], which lies below it");
    destroyNames("namespace", child.pid(), "user");
    child.kill();

    create("user");
    BackgroundProcess owned({"sh", "-c", "exec " + enter() + " unshare --net sleep 1000"});
    expectHolder("namespace", owned.pid(), "user", "], which belongs to it");
    nsctl({"adopt", "owned", "--pid", std::to_string(owned.pid()), "-t", "net"});
    mustDie("owned");
    owned.kill();
    expectHolder("namespace", 0, "user", "/owned/net, belongs to it");
    destroyNames("namespace", 0, "user");
    destroy("owned");

    create("pid");
    const BackgroundProcess below(
        {"nsenter", "--pid=" + pin("pid"), "unshare", "--pid", "--fork", "sleep", "1000"});
    expectHolder("namespace", std::nullopt, "pid", "], which lies below it");
    nsctl({"destroy", "web", "--force"});
}

TEST_F(Why, ALease) {
    create("net");
    const auto holdAs = [&](std::optional<uid_t> uid) {
        CommandOptions options;
        options.user = uid;
        options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
        const auto program = TestDaemon::binary("nsctl").string();
        return std::make_unique<BackgroundProcess>(
            Arguments{program, "hold", "web", "--", "sleep", "1000"}, options);
    };
    // Its command ends with it.
    const auto endHold = [](BackgroundProcess& hold) {
        hold.signal(SIGTERM);
        EXPECT_TRUE(hold.wait(std::chrono::seconds(10)));
    };
    auto holder = holdAs(std::nullopt);
    expectHolder("lease", holder->pid(), "", "lease 1 of uid 0, given to ");
    endHold(*holder);

    nsctl({"grant", "web", "user:www-data", "hold"});
    holder = holdAs(user);
    ASSERT_TRUE(eventually([&] {
        const auto own = whyAs(user, "lease");
        return own.size() == 1 && own.at(0).at("pid") == holder->pid();
    })) << whyAs(user, "lease");
    EXPECT_EQ(why("lease").size(), 1U);
    EXPECT_EQ(whyAs(another, "lease"), Json::array());
    endHold(*holder);
    destroy("web");
}

TEST_F(Why, ALinkOfTheHost) {
    const LentLink link(*host_);
    create("net");
    nsctl({"link", "move", "web", "lent0", "--name", "wan"});
    expectHolder("link", 0, "net", "lent0 of the host is in it as wan");
    destroy("web");
    EXPECT_NE(link.state(), "");
    host_->shell("ip link del lent0; ip link del br0");
}

} // namespace
} // namespace nsd::test
