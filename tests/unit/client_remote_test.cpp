// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl -H with several hosts, and a program in the place of ssh (tests/system/remote_test has a real one).
#include "tests/support/temp_dir.hpp"
#include "tests/unit/client_fixture.hpp"

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

class SeveralHosts : public ClientTest {
  protected:
    SeveralHosts() { ::setenv("NSD_SSH", (directory_ / "ssh").c_str(), 1); }
    ~SeveralHosts() override { ::unsetenv("NSD_SSH"); }

    // What is done for `ssh -- HOST COMMAND`; $2 is the host.
    void sshIs(const std::string& script) const {
        writeFile(directory_ / "ssh", "#!/bin/sh\n" + script);
        fs::permissions(directory_ / "ssh", fs::perms::owner_all);
    }
    [[nodiscard]] fs::path file(const std::string& leaf) const { return directory_ / leaf; }

  private:
    TempDir directory_;
};

TEST_F(SeveralHosts, AreAskedOnlyIfEachCanBeMeant) {
    sshIs("touch " + file("asked").string());
    EXPECT_EQ(run({"-H", "good", "-H", "-oProxyCommand=x", "destroy", "web"}), 2);
    EXPECT_FALSE(fs::exists(file("asked")));
}

TEST_F(SeveralHosts, OneWhoseAnswerIsNoneIsToldWithItsNameAndTheOthersAreShown) {
    for (const auto* nonsense : {"Welcome!", "[1]", "3", ""}) {
        sshIs(
            std::string("case $2 in odd) echo '") + nonsense + "' ;; *) echo '[{\"name\":\"web\"}]' ;; esac");
        EXPECT_EQ(run({"-H", "odd", "-H", "good", "--json=short", "list"}), 1) << nonsense;
        EXPECT_EQ(console.err, "nsctl: odd: its answer is not nsctl's\n") << nonsense;
        EXPECT_EQ(Json::parse(console.out), Json::parse(R"([{"host":"good","name":"web"}])")) << nonsense;
    }
}

TEST_F(SeveralHosts, TheFirstFailureIsTheExitStatus) {
    sshIs("echo done; case $2 in one) exit 0 ;; two) exit 5 ;; *) exit 6 ;; esac");
    EXPECT_EQ(run({"-H", "one", "-H", "two", "-H", "three", "create", "web"}), 5);
    EXPECT_EQ(console.out, "one: done\ntwo: done\nthree: done\n");
}

} // namespace
} // namespace nsd::test
