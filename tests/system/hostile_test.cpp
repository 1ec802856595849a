// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Whoever rules a namespace, or calls nsd and goes away, gets nothing by it. What is tried here has
// worked against other programs: security.md of the project names the incidents.
#include "tests/support/system_test.hpp"
#include "tests/system/manager_calls.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <thread>

namespace nsd::test {
namespace {

constexpr auto owner = "12345";

// A namespace whose owner is root inside, and a program of his that runs in it.
class Hostile : public SystemTest {
  protected:
    void SetUp() override {
        SystemTest::SetUp();
        if (IsSkipped() || HasFatalFailure())
            return;
        // Where the owner may execute it: others may not pass through root's directories.
        std::filesystem::copy_file(NSD_HOSTILE_PROGRAM, program());
        ::chmod(directory_.path().c_str(), 0755);
        ::chmod(program().c_str(), 0755);
        nsctl({"create", "box", "-t", "user,mnt,pid,uts", "--owner", owner, "--map-root"});
    }
    void TearDown() override {
        if (!IsSkipped())
            destroy("box", {"--force"});
        SystemTest::TearDown();
    }

    [[nodiscard]] std::string program() const { return directory_.path() / "hostile"; }
    // Runs the program inside for `seconds` while somebody enters over and over; answers what it said.
    [[nodiscard]] std::string attack(const std::string& how, int seconds, const Arguments& entry) {
        const auto said = directory_.path() / "said";
        BackgroundProcess hostile({TestDaemon::binary("nsctl"), "--bus=" + daemon().busAddress(), "exec",
                                      "box", program(), how, std::to_string(seconds)},
            {}, said);
        EXPECT_TRUE(eventually([&] { return readFile(said).find("ready") != std::string::npos; }));
        int entries = 0;
        while (!hostile.wait(std::chrono::milliseconds(0))) {
            static_cast<void>(daemon().nsctl(entry));
            ++entries;
        }
        EXPECT_GT(entries, 5) << "nobody entered meanwhile";
        EXPECT_EQ(hostile.wait(std::chrono::milliseconds(0)), 0) << "the attack failed by itself";
        const auto text = readFile(said);
        EXPECT_NE(text.find("got "), std::string::npos) << text;
        EXPECT_EQ(text.find("got 0\n"), std::string::npos) << "it saw nobody: " << text;
        return text;
    }

  private:
    TempDir directory_;
};

// CVE-2016-9962.
TEST_F(Hostile, RootInsideDoesNotTraceWhoeverEnters) {
    const auto said = attack("trace", 3, {"exec", "box", "sh", "-c", "sleep 0.01"});
    EXPECT_EQ(said.find("traced"), std::string::npos) << said;
}

// CVE-2019-5736.
TEST_F(Hostile, TheProgramsOfNsdAreNotOverwrittenThroughProc) {
    const auto said = attack("overwrite", 3, {"exec", "box", "sleep", "0.01"});
    EXPECT_EQ(said.find("overwrote"), std::string::npos) << said;
}

// A script whose interpreter is whoever starts it.
TEST_F(Hostile, AScriptThatStartsItsStarterGetsItAsTheOwnerAlone) {
    const auto script = std::filesystem::path(program()).parent_path() / "script";
    std::ofstream(script) << "#!/proc/self/exe\n";
    ::chmod(script.c_str(), 0755);
    const auto said = attack("overwrite", 3, {"exec", "box", script.string()});
    EXPECT_EQ(said.find("overwrote"), std::string::npos) << said;
}

TEST_F(Hostile, ACommandHasNoDescriptorOfNsd) {
    EXPECT_EQ(nsctl({"exec", "box", "--close-fds", "sh", "-c", "ls /proc/self/fd | wc -l"}), "4");
}

// A client that goes away at any moment of its call leaves the whole of it or nothing.
class Vanishing : public SystemTest {};

TEST_F(Vanishing, AtEachMomentOfACreateOrDestroyLeavesNothingHalfDone) {
    const auto names = [](int round) { return "gone" + std::to_string(round % 8); };
    for (int round = 0; round < 200; ++round) {
        const auto patience = std::chrono::microseconds(round * 15);
        callAndVanish(daemon().busAddress(), round % 3 == 2 ? "Destroy" : "Create", names(round), patience);
    }
    // What is there is whole.
    std::istringstream rows(nsctl({"list", "--no-legend"}));
    for (std::string row; std::getline(rows, row);) {
        const auto name = row.substr(0, row.find(' '));
        EXPECT_EQ(nsctl({"exec", name, "true"}), "") << name;
        destroy(name);
    }
    EXPECT_EQ(nsctl({"list", "--no-legend"}), "");
}

} // namespace
} // namespace nsd::test
