// SPDX-License-Identifier: LGPL-2.1-or-later
// Processes that end with their caller's connection.
#include "dbus/object_path.hpp"
#include "generated/process_adaptor.hpp"
#include "tests/bus/exec_fixture.hpp"

#include <csignal>
#include <cstdint>

namespace nsd::test {
namespace {

using Signals = std::vector<std::pair<pid_t, int>>;

// An object in the place of the next process's, so that there is none for the process.
class InTheWay final : public sdbus::AdaptorInterfaces<org::nsd1::Process_adaptor> {
  public:
    InTheWay(sdbus::IConnection& connection, const std::string& path)
        : AdaptorInterfaces(connection, dbus::PathArg(path)) {
        registerAdaptor();
    }
    ~InTheWay() { unregisterAdaptor(); }
    InTheWay(const InTheWay&) = delete;
    InTheWay& operator=(const InTheWay&) = delete;

  private:
    void Kill(sdbus::Result<>&& /*result*/, std::int32_t /*signal*/) override {}
    void Wait(sdbus::Result<std::int32_t, std::int32_t>&& /*result*/) override {}
    std::uint32_t Pid() override { return 0; }
    std::uint32_t Uid() override { return 0; }
    std::string State() override { return {}; }
    std::int32_t Code() override { return 0; }
    std::int32_t Status() override { return 0; }
};

TEST_F(Exec, aTiedProcessEndsWithItsCallersConnection) {
    create("web", {"net"});
    auto client = std::make_unique<BusClient>(bus_->address(), loop_->handle());
    static_cast<void>(started(execAs(*client, option("tied", "b", 1))));
    const auto tied = launcher_->lastPid();
    static_cast<void>(started(execAs(*client)));
    client->vanish();
    root_->turnUntil([&] { return !launcher_->signals().empty(); });
    EXPECT_EQ(launcher_->signals(), (std::vector<std::pair<pid_t, int>>{{tied, SIGKILL}}));
}

TEST_F(Exec, aTieHoldsOverARestart) {
    create("web", {"net"});
    auto client = std::make_unique<BusClient>(bus_->address(), loop_->handle());
    static_cast<void>(started(execAs(*client, option("tied", "b", 1))));
    restart();
    EXPECT_TRUE(launcher_->signals().empty());
    client->vanish();
    root_->turnUntil([&] { return !launcher_->signals().empty(); });
}

TEST_F(Exec, aCallerWhoVanishesDuringTheLaunchTakesTheTiedProcessAlong) {
    create("web", {"net"});
    launcher_->holdAnswers();
    auto client = std::make_unique<BusClient>(bus_->address(), loop_->handle());
    static_cast<void>(client->start(
        "/org/nsd1", "org.nsd1.Manager", "Exec", call("web", {"true"}, option("tied", "b", 1))));
    root_->turnUntil([&] { return !launcher_->launches().empty(); });
    client->vanish();
    EXPECT_EQ(root_->manager("List", "a{sv}", 0)->error, "");
    launcher_->answer();
    root_->turnUntil([&] { return !launcher_->signals().empty(); });
    EXPECT_EQ(launcher_->signals().front().second, SIGKILL);
}

TEST_F(Exec, whatCannotBeTiedIsKilled) {
    create("web", {"net"});
    const auto before = started(execAs(*root_));
    const auto number = std::stoull(before.substr(before.rfind('/') + 1));
    const InTheWay inTheWay(*connection_, dbus::processPath(number + 1));
    EXPECT_EQ(execAs(*root_, option("tied", "b", 1))->error, "");
    const auto pid = launcher_->lastPid();
    EXPECT_EQ(launcher_->signals(), (Signals{{pid, SIGKILL}}));
    EXPECT_EQ(std::exchange(log_.complaints, {}).size(), 1U);
    launcher_->end(pid, CLD_KILLED, SIGKILL);
    settle();
    EXPECT_EQ(show(before, "State"), "\"running\"");
}

} // namespace
} // namespace nsd::test
