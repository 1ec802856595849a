// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What ip-netns(8), podman and docker have made gets a name in nsd, and stays where it was.
#include "tests/support/ordinary_users.hpp"
#include "tests/support/private_run.hpp"

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sys/mount.h>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class Import : public UserTest {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        NSD_REQUIRE_PROGRAM("ip");
        usePrivateNetnsNames();
        UserTest::SetUp();
    }
    void TearDown() override {
        for (const auto& name : made_)
            mustRun({"ip", "netns", "del", name});
        UserTest::TearDown();
    }
    std::uint64_t add(const std::string& name) {
        mustRun({"ip", "netns", "add", name});
        made_.push_back(name);
        return inodeOf("/run/netns/" + name);
    }
    Json candidates(const Arguments& more = {}) {
        Arguments line{"import", "--json=short"};
        line.insert(line.end(), more.begin(), more.end());
        return Json::parse(nsctl(line));
    }

  private:
    std::vector<std::string> made_;
};

// A namespace of ip's bound where docker would have it.
class DockersDirectory {
  public:
    explicit DockersDirectory(const std::string& name) : file_("/run/docker/netns/" + name) {
        fs::create_directories("/run/docker/netns");
        writeFile(file_, "");
        EXPECT_EQ(::mount(("/run/netns/" + name).c_str(), file_.c_str(), nullptr, MS_BIND, nullptr), 0);
    }
    ~DockersDirectory() {
        ::umount2(file_.c_str(), MNT_DETACH);
        fs::remove_all("/run/docker");
    }
    DockersDirectory(const DockersDirectory&) = delete;
    DockersDirectory& operator=(const DockersDirectory&) = delete;

  private:
    std::string file_;
};

TEST_F(Import, ListsWhatThereIs) {
    const std::string ofPodman = "netns-0e2e5a41-63b5-4e4c-a6ee-0a3b6fbc2c3d";
    add("blue");
    add(ofPodman);
    nsctl({"create", "web", "--publish"});
    {
        const DockersDirectory docker("blue");
        writeFile("/run/docker/netns/no-namespace", "");
        const auto rows = candidates();
        ASSERT_EQ(rows.size(), 4U) << rows;
        EXPECT_EQ(rows[0].at("name"), "blue");
        EXPECT_EQ(rows[0].at("path"), "/run/netns/blue");
        EXPECT_EQ(rows[0].at("made_by"), "ip netns");
        EXPECT_EQ(rows[0].at("named"), "");
        EXPECT_EQ(rows[1].at("made_by"), "podman");
        EXPECT_EQ(rows[2].at("named"), "web");
        EXPECT_EQ(rows[3].at("made_by"), "docker");
    }
    EXPECT_EQ(candidates({"--from", "/run/netns"}).size(), 3U);
    EXPECT_EQ(nsctl({"import"}).substr(0, 4), "NAME");
    destroy("web");
}

TEST_F(Import, GivesANameAndTouchesNothing) {
    const auto net = add("blue");
    EXPECT_EQ(nsctl({"import", "blue"}), "/run/netns/blue is now blue");
    EXPECT_EQ(inodeOf(daemon().pin("blue", "net")), net);
    EXPECT_EQ(inodeOf("/run/netns/blue"), net);
    const auto again = daemon().nsctl({"import", "blue"});
    EXPECT_EQ(again.status, 1);
    EXPECT_EQ(again.err, "nsctl: import blue: it has a name already: \"blue\"\n");
    nsctl({"destroy", "blue"});
    EXPECT_EQ(inodeOf("/run/netns/blue"), net) << "ip's own name is ip's";
}

TEST_F(Import, GoesOnWhereOneFails) {
    add("blue");
    add("green");
    nsctl({"import", "green", "--as", "grass"});
    const auto result = daemon().nsctl({"import", "green", "missing", "blue", "--json=short"});
    EXPECT_EQ(result.status, 1);
    EXPECT_NE(result.err.find("import green: it has a name already: \"grass\""), std::string::npos);
    EXPECT_NE(result.err.find("import missing: there is no network namespace"), std::string::npos);
    const auto made = Json::parse(result.out);
    ASSERT_EQ(made.size(), 1U);
    EXPECT_EQ(made[0].at("name"), "blue");
    EXPECT_EQ(made[0].at("from"), "/run/netns/blue");
    nsctl({"destroy", "blue", "--timeout", "0"});
    nsctl({"destroy", "grass", "--timeout", "0"});
}

TEST_F(Import, OfAllTakesWhatHasNoNameYet) {
    add("blue");
    add("green");
    nsctl({"import", "blue", "--label", "from=ip"});
    EXPECT_EQ(nsctl({"import", "--all"}),
        "/run/netns/blue has a name already: blue\n/run/netns/green is now green");
    nsctl({"destroy", "blue", "--timeout", "0"});
    nsctl({"destroy", "green", "--timeout", "0"});
}

TEST_F(Import, OfAllSaysWhichOneFails) {
    add("blue");
    add("green");
    nsctl({"create", "blue", "-t", "uts"});
    const auto result = daemon().nsctl({"import", "--all"});
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.err.rfind("nsctl: import /run/netns/blue: ", 0), 0U) << result.err;
    EXPECT_EQ(result.out, "/run/netns/green is now green\n");
    nsctl({"destroy", "blue", "--timeout", "0"});
    nsctl({"destroy", "green", "--timeout", "0"});
}

TEST_F(Import, ANameThatIsTooLongNeedsAnother) {
    const std::string name(70, 'x');
    add(name);
    const auto refused = daemon().nsctl({"import", name});
    EXPECT_EQ(refused.status, 1);
    EXPECT_NE(refused.err.find("give it another one by --as"), std::string::npos) << refused.err;
    nsctl({"import", name, "--as", "short"});
    nsctl({"destroy", "short", "--timeout", "0"});
}

TEST_F(Import, TwoOfANameAreToldApart) {
    add("blue");
    const DockersDirectory docker("blue");
    const auto refused = daemon().nsctl({"import", "blue"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_NE(refused.err.find("say which by --from"), std::string::npos) << refused.err;
    nsctl({"import", "blue", "--from", "/run/docker/netns"});
    nsctl({"destroy", "blue", "--timeout", "0"});
}

TEST_F(Import, IsARightAsAdoptIs) {
    add("blue");
    const auto refused = as(user, {"import", "blue"});
    EXPECT_EQ(refused.status, 1);
    EXPECT_FALSE(daemon().nsctl({"show", "blue"}).ok());
    EXPECT_EQ(daemon().nsctl({"import", "--from", "/run/nowhere"}).status, 1);
}

} // namespace
} // namespace nsd::test
