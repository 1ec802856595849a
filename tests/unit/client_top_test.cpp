// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/live/top_sample.hpp"
#include "tests/unit/client_fixture.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>

namespace nsd::test {
namespace {

using client::NetCounters;
using client::Usage;
using Json = nlohmann::json;

TEST(NetCounters, addUpAllLinksButTheLoopback) {
    const auto* const dev = "Inter-|   Receive                            |  Transmit\n"
                            " face |bytes packets errs drop fifo frame compressed multicast|bytes packets\n"
                            "    lo: 900 1 0 0 0 0 0 0 900 1 0 0 0 0 0 0\n"
                            "  eth0: 100 1 0 0 0 0 0 0 30 1 0 0 0 0 0 0\n"
                            "longname0:7 1 0 0 0 0 0 0 2 1 0 0 0 0 0 0\n";
    EXPECT_EQ(client::netCountersIn(dev, "sockets: used 4\nTCP: inuse 0\n"), (NetCounters{107, 32, 4}));
    EXPECT_EQ(client::netCountersIn("", ""), NetCounters());
}

TEST(Top, writesSizesForPeople) {
    EXPECT_EQ(client::sizeText(0), "0");
    EXPECT_EQ(client::sizeText(1023), "1023");
    EXPECT_EQ(client::sizeText(1536), "1.5K");
    EXPECT_EQ(client::sizeText(23U << 20U), "23M");
    EXPECT_EQ(client::sizeText(~std::uint64_t{0}), "16E");
}

TEST(Top, sortsByNameUpwardsAndByAllElseDownwards) {
    std::vector<Usage> usages(3);
    usages[0].row.name = "c";
    usages[1].row.name = "a";
    usages[2].row.name = "b";
    usages[2].memory = 5;
    usages[0].memory = 9;
    const auto order = [&](const char* key) {
        client::sortUsages(usages, key);
        return usages[0].row.name + usages[1].row.name + usages[2].row.name;
    };
    EXPECT_EQ(order("name"), "abc");
    EXPECT_EQ(order("memory"), "cba") << "what is not known is last";
    EXPECT_EQ(order("rx"), "abc") << "where nothing is known, by name";
}

class ClientTop : public ClientTest {};

TEST_F(ClientTop, printsOneTableAfterTheOther) {
    joiner.uid = 1000;
    daemon.namespaces["web"].name = "web";
    EXPECT_EQ(run({"top", "-b", "-n", "2", "-d", "1ms"}), 0) << console.err;
    const std::string table =
        "NAME TYPES PROCS SOCKETS RX/S TX/S MEMORY\nweb  -         2       -    -    -      -\n";
    EXPECT_EQ(console.out, table + "\n" + table);
    EXPECT_EQ(run({"top", "-n", "1", "--json=short"}), 0);
    EXPECT_EQ(Json::parse(console.out)[0]["memory"], nullptr);
    daemon.namespaces.clear();
    EXPECT_EQ(run({"top", "-b", "-n", "1"}), 0);
    EXPECT_EQ(console.out, "");
    EXPECT_EQ(run({"top", "-n", "1", "--json=short"}), 0);
    EXPECT_EQ(console.out, "[]\n");
}

TEST_F(ClientTop, refusesWhatItCannotDo) {
    EXPECT_EQ(run({"top", "--sort", "colour"}), 2);
    EXPECT_NE(console.err.find("processes, sockets"), std::string::npos) << console.err;
    EXPECT_EQ(run({"top", "-n", "x"}), 2);
    EXPECT_EQ(run({"top", "-d", "soon"}), 2);
}

} // namespace
} // namespace nsd::test
