// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl wait and nsctl monitor, with events that come when the test says so.
#include "tests/unit/client_fixture.hpp"

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace nsd::test {
namespace {

class Waiting : public ClientTest {
  protected:
    void make(const std::string& name, const std::string& uuid, const std::string& state = "ready") {
        auto& details = daemon.namespaces[name];
        details.name = name;
        details.uuid = uuid;
        details.state = state;
    }
    [[nodiscard]] long asked(const std::string& call) const {
        return std::count(daemon.calls.begin(), daemon.calls.end(), call);
    }
};

TEST_F(Waiting, WhatIsReadyIsNotWaitedFor) {
    make("web", "1");
    EXPECT_EQ(run({"wait", "web"}), 0);
    EXPECT_EQ(asked("next event"), 0);
    EXPECT_EQ(daemon.calls.front(), "subscribe") << "what happens after the question must not be missed";
}

TEST_F(Waiting, ReadyIsAlsoWhatIsMadeMeanwhile) {
    daemon.events.push_back({{}, [&] { make("web", "1", "pending"); }});
    daemon.events.push_back({{}, [&] { make("web", "1"); }});
    EXPECT_EQ(run({"wait", "web", "--for=ready"}), 0);
    EXPECT_EQ(asked("next event"), 2);
}

TEST_F(Waiting, WhatIsDegradedWillNeverBeReady) {
    make("web", "1", "degraded");
    EXPECT_EQ(run({"wait", "web"}), 1);
    EXPECT_NE(console.err.find("degraded"), std::string::npos);
}

TEST_F(Waiting, GoneIsAlsoOneThatMadeRoomForAnother) {
    make("web", "1");
    daemon.events.push_back({{}, [&] { make("web", "2"); }});
    EXPECT_EQ(run({"wait", "web", "--for=gone"}), 0);
    EXPECT_EQ(asked("next event"), 1);
    EXPECT_EQ(run({"wait", "other", "--for=gone"}), 0);
}

TEST_F(Waiting, EmptyLooksAgain) {
    daemon.processCounts = {2, 1, 0};
    daemon.events.resize(2);
    EXPECT_EQ(run({"wait", "web", "--for=empty"}), 0);
    EXPECT_EQ(asked("count web"), 3);
    EXPECT_EQ(run({"wait", "web", "--for=empty"}), 1) << "there is none";
    EXPECT_NE(console.err.find("there is no namespace"), std::string::npos);
}

TEST_F(Waiting, ItsTimeIsOver) {
    make("web", "1");
    EXPECT_EQ(run({"wait", "web", "--for=gone", "--timeout=0"}), 1);
    EXPECT_EQ(console.err, "nsctl: wait web: \"web\" is not gone after 0\n");
    EXPECT_EQ(run({"wait", "web", "--for=never"}), 2);
    EXPECT_EQ(run({"wait", "web", "--timeout=soon"}), 2);
}

class Monitoring : public Waiting {
  protected:
    void tell(
        std::uint64_t sequence, const std::string& what, const std::string& name, const std::string& path) {
        daemon.events.push_back({client::Event{sequence, what, name, path}});
    }
    // Until there are no more events, which ends the fake's connection.
    std::string monitor(std::vector<std::string> line) {
        line.insert(line.begin(), "monitor");
        EXPECT_EQ(run(line), 1);
        return console.out;
    }
};

TEST_F(Monitoring, TellsWhatHappensWithNames) {
    daemon.namespaces["old"].path = "/0";
    tell(7, "labels", "", "/0");
    tell(8, "new", "web", "/1");
    tell(9, "grants", "", "/1");
    tell(10, "removed", "web", "/1");
    EXPECT_EQ(monitor({}), "7 labels old\n8 new web\n9 grants web\n10 removed web\n");
}

TEST_F(Monitoring, AHoleInTheSequenceAndAnotherDaemonAreTold) {
    tell(7, "new", "web", "/1");
    tell(9, "removed", "web", "/1");
    tell(0, "lost", "", "");
    tell(0, "back", "", "");
    tell(1, "new", "web", "/2");
    EXPECT_EQ(monitor({}), "7 new web\nevents were missed; see nsctl list\n9 removed web\nnsd is gone\n"
                           "nsd is back; what happened meanwhile was not told\n1 new web\n");
}

TEST_F(Monitoring, OnlyThoseThatWereNamed) {
    tell(1, "new", "web", "/1");
    tell(2, "new", "db", "/2");
    EXPECT_EQ(monitor({"db"}), "2 new db\n");
}

TEST_F(Monitoring, JsonIsOneObjectPerLine) {
    tell(1, "new", "web", "/1");
    tell(2, "ready", "", "/1");
    const auto out = monitor({"--json=short"});
    const auto second = nlohmann::json::parse(out.substr(out.find('\n') + 1));
    EXPECT_EQ(second, (nlohmann::json{{"sequence", 2}, {"event", "ready"}, {"name", "web"}, {"path", "/1"}}));
}

} // namespace
} // namespace nsd::test
