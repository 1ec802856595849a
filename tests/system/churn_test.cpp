// SPDX-License-Identifier: LGPL-2.1-or-later
//
// A thousand namespaces come and go, and nsd is as it was.
#include "tests/support/system_test.hpp"
#include "tests/system/manager_calls.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace nsd::test {
namespace {

class Churn : public SystemTest {
  protected:
    static void expectNone(const BusError& error) { ASSERT_EQ(error.name, "") << error.text; }
    void rounds(int count, const std::string& name, const std::vector<std::string>& types) {
        const auto bus = daemon().busAddress();
        for (int round = 0; round < count; ++round) {
            ASSERT_NO_FATAL_FAILURE(expectNone(errorOfCreate(bus, name, types)));
            nsctl({"exec", name, "true"});
            ASSERT_NO_FATAL_FAILURE(expectNone(errorOfDestroy(bus, name)));
        }
    }
};

TEST_F(Churn, AThousandRoundsLeaveNothing) {
    constexpr int cheap = 300;
    constexpr int dear = 100;
    rounds(cheap, "a", {"net"});
    rounds(cheap, "b", {"uts", "ipc", "time"});
    rounds(cheap, "c", {"user", "mnt"});
    rounds(dear, "d", {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"});
}

TEST_F(Churn, ManyClientsAtOnceLeaveNothing) {
    constexpr int clients = 6;
    std::vector<std::unique_ptr<BackgroundProcess>> loops;
    CommandOptions options;
    options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
    const auto nsctl = TestDaemon::binary("nsctl").string();
    for (int i = 0; i < clients; ++i) {
        const auto name = "n" + std::to_string(i);
        loops.push_back(std::make_unique<BackgroundProcess>(
            Arguments{"sh", "-ec",
                "for i in 1 2 3 4 5; do " + nsctl + " create " + name + " -t all; " + nsctl + " exec " +
                    name + " true; " + nsctl + " destroy " + name + "; done"},
            options, daemon().directory() / "clients"));
    }
    for (auto& loop : loops)
        EXPECT_EQ(loop->wait(std::chrono::seconds(60)), 0) << readFile(daemon().directory() / "clients");
}

} // namespace
} // namespace nsd::test
