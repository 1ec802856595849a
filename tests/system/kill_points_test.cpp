// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsd is killed with SIGKILL at every single system call that it makes during Create, Destroy and
// Rename; one run under strace finds the calls. After each kill a new nsd starts, and everything is
// either as before the request or as after it, wholly, with the same ids, and nothing else is left.
// A worker that is killed like this costs at most the one request.
#include "tests/support/private_run.hpp"
#include "tests/system/kill_points.hpp"

#include "common/namespace_type.hpp"

#include <filesystem>
#include <nlohmann/json.hpp>

namespace nsd::test {
namespace {

// What a client can tell about one namespace, without its name.
using Facts = nlohmann::json;

class KillPoints : public KillPointTest {
  protected:
    std::optional<Facts> facts(const std::string& name) {
        const auto result = daemon().nsctl({"show", name, "--json=short"});
        if (!result.ok())
            return std::nullopt;
        auto json = Facts::parse(result.out);
        json.erase("name");
        json.erase("pins");
        for (const auto type : allNamespaceTypes) {
            const std::string word(toWord(type));
            EXPECT_EQ(json["inodes"][word], inodeOf(daemon().pin(name, word))) << word;
        }
        EXPECT_EQ(json["state"], "ready");
        return json;
    }

    // What was made as x and is to be called y is under one of the names, as it was made; under y once that
    // was answered.
    std::pair<std::optional<Facts>, std::optional<Facts>> expectOneName(
        const std::optional<Facts>& made, bool answered) {
        auto before = facts("x");
        auto after = facts("y");
        EXPECT_NE(before.has_value(), after.has_value()) << "under both names, or under none";
        EXPECT_TRUE(after || !answered) << "what was answered is undone";
        EXPECT_EQ(before ? before : after, made);
        return {std::move(before), std::move(after)};
    }

    void removeIfThere(const std::string& name) {
        if (daemon().nsctl({"show", name}).ok())
            nsctl({"destroy", name, "--force"});
    }
};

TEST_F(KillPoints, OfCreate) {
    const auto hit = killAtEachCall(
        {"create", "x", "-t", "all", "--label", "a=b"}, [] {},
        [&](bool answered) {
            const auto there = facts("x");
            EXPECT_TRUE(there || !answered) << "what was answered is gone";
            removeIfThere("x");
            EXPECT_TRUE(oracle().clean());
        });
    constexpr unsigned enough = 100;
    EXPECT_GE(hit, enough);
}

// What was written before the end is made at the next start; never is there one without the other.
TEST_F(KillPoints, OfPersistentCreate) {
    const auto file = daemon().directory() / "state/namespaces.d/x.json";
    const auto isPending = [&] {
        return daemon().nsctl({"show", "x", "--json=short"}).out.find("pending") != std::string::npos;
    };
    const auto hit = killAtEachCall(
        {"create", "x", "-t", "uts", "--persistent"}, [] {},
        [&](bool answered) {
            EXPECT_TRUE(eventually([&] { return !isPending(); }));
            const bool there = daemon().nsctl({"show", "x"}).ok();
            EXPECT_TRUE(there || !answered) << "what was answered is gone";
            EXPECT_EQ(std::filesystem::exists(file), there);
            removeIfThere("x");
            EXPECT_FALSE(std::filesystem::exists(file));
            EXPECT_TRUE(oracle().clean());
        });
    constexpr unsigned enough = 20;
    EXPECT_GE(hit, enough);
}

TEST_F(KillPoints, OfPersistentRename) {
    const auto directory = daemon().directory() / "state/namespaces.d";
    nsctl({"create", "x", "-t", "all", "--persistent"});
    const auto made = facts("x");
    const auto hit = killAtEachCall(
        {"rename", "x", "y"}, [] {},
        [&](bool answered) {
            const auto [before, after] = expectOneName(made, answered);
            EXPECT_EQ(std::filesystem::exists(directory / "x.json"), before.has_value());
            EXPECT_EQ(std::filesystem::exists(directory / "y.json"), after.has_value());
            if (after)
                nsctl({"rename", "y", "x"});
        });
    nsctl({"destroy", "x", "--force"});
    constexpr unsigned enough = 12;
    EXPECT_GE(hit, enough);
}

TEST_F(KillPoints, OfDestroy) {
    std::optional<Facts> made;
    const auto hit = killAtEachCall(
        {"destroy", "x"},
        [&] {
            nsctl({"create", "x", "-t", "all"});
            made = facts("x");
        },
        [&](bool answered) {
            const auto there = facts("x");
            EXPECT_FALSE(there && answered) << "what was destroyed is back";
            EXPECT_TRUE(!there || there == made);
            removeIfThere("x");
            EXPECT_TRUE(oracle().clean());
        });
    constexpr unsigned enough = 80;
    EXPECT_GE(hit, enough);
}

TEST_F(KillPoints, OfRename) {
    nsctl({"create", "x", "-t", "all"});
    const auto made = facts("x");
    ASSERT_TRUE(made);
    const auto hit = killAtEachCall(
        {"rename", "x", "y"}, [] {},
        [&](bool answered) {
            const auto after = expectOneName(made, answered).second;
            if (after)
                nsctl({"rename", "y", "x"});
        });
    nsctl({"destroy", "x", "--force"});
    constexpr unsigned enough = 8;
    EXPECT_GE(hit, enough);
}

class PublishedKillPoints : public KillPoints {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE_PROGRAM("ip");
        usePrivateNetnsNames();
        KillPoints::SetUp();
    }
    static bool isPublic(const std::string& name) { return std::filesystem::exists("/run/netns/" + name); }
    bool isThere(const std::string& name) { return daemon().nsctl({"show", name}).ok(); }
};

TEST_F(PublishedKillPoints, OfCreate) {
    const auto hit = killAtEachCall(
        {"create", "x", "--publish"}, [] {},
        [&](bool answered) {
            const bool there = isThere("x");
            EXPECT_TRUE(there || !answered) << "what was answered is gone";
            EXPECT_EQ(isPublic("x"), there);
            removeIfThere("x");
            EXPECT_FALSE(isPublic("x"));
            EXPECT_TRUE(oracle().clean());
        });
    constexpr unsigned enough = 40;
    EXPECT_GE(hit, enough);
}

TEST_F(PublishedKillPoints, OfRename) {
    nsctl({"create", "x", "--publish"});
    const auto hit = killAtEachCall(
        {"rename", "x", "y"}, [] {},
        [&](bool answered) {
            const bool moved = isThere("y");
            EXPECT_NE(isThere("x"), moved);
            EXPECT_TRUE(moved || !answered) << "what was answered is undone";
            EXPECT_EQ(isPublic("x"), !moved);
            EXPECT_EQ(isPublic("y"), moved);
            if (moved)
                nsctl({"rename", "y", "x"});
        });
    nsctl({"destroy", "x"});
    constexpr unsigned enough = 20;
    EXPECT_GE(hit, enough);
}

TEST_F(PublishedKillPoints, OfDestroy) {
    const auto hit = killAtEachCall(
        {"destroy", "x"},
        [&] {
            nsctl({"create", "x", "--publish"});
        },
        [&](bool answered) {
            const bool there = isThere("x");
            EXPECT_FALSE(there && answered) << "what was destroyed is back";
            EXPECT_EQ(isPublic("x"), there);
            removeIfThere("x");
            EXPECT_FALSE(isPublic("x"));
        });
    constexpr unsigned enough = 20;
    EXPECT_GE(hit, enough);
}

} // namespace
} // namespace nsd::test
