// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/user_lookup.hpp"

#include "common/error.hpp"
#include "tests/support/temp_dir.hpp"

#include <fstream>
#include <gtest/gtest.h>

namespace nsd::worker {
namespace {

class UserLookup : public testing::Test {
  protected:
    std::string write(const std::string& leaf, const std::string& text) const {
        const auto path = directory_.path() / leaf;
        std::ofstream(path) << text;
        return path;
    }

    [[nodiscard]] std::vector<SubIds> parse(const std::string& text) const {
        return readSubIds(write("subuid", text), 1000, "alice");
    }

    test::TempDir directory_;
};

TEST_F(UserLookup, SubordinateIdsAreTheUsersByNameAndByNumber) {
    EXPECT_EQ(parse("bob:100000:65536\nalice:165536:65536\n1000:300000:10\n"),
        (std::vector<SubIds>{{165536, 65536}, {300000, 10}}));
}

TEST_F(UserLookup, ALineOfAnotherUserIsNotTaken) {
    EXPECT_TRUE(parse("alic:1:1\nalicey:1:1\n100:1:1\n10000:1:1\n:1:1\n01000:1:1\n").empty());
}

TEST_F(UserLookup, LinesThatMakeNoSenseAreNobodys) {
    EXPECT_TRUE(parse("\n#alice:1:1\nalice\nalice:1\nalice:x:1\nalice:1:x\nalice:-1:5\nalice:1:0\n"
                      "alice:4294967295:1\nalice:4294967000:296\nalice:1:4294967296\nalice:1:1 \n"
                      "alice::\nalice: 1:1\n")
                    .empty());
    EXPECT_EQ(parse("alice:4294967000:295"), (std::vector<SubIds>{{4294967000U, 295}}));
}

TEST_F(UserLookup, AUserWithoutANameHasRangesByNumberAlone) {
    const auto path = write("subuid", ":1:1\n1000:2:2\n");
    EXPECT_EQ(readSubIds(path, 1000, ""), (std::vector<SubIds>{{2, 2}}));
}

TEST_F(UserLookup, AFileThatIsNotThereHasNoRange) {
    EXPECT_TRUE(readSubIds(directory_.path() / "subuid", 1000, "alice").empty());
}

TEST_F(UserLookup, AFileThatCannotBeReadIsAnErrorAndNotAnEmptyOne) {
    std::ofstream(directory_.path() / "file") << "";
    EXPECT_THROW(static_cast<void>(readSubIds(directory_.path() / "file/subuid", 1000, "alice")), Error);
}

TEST_F(UserLookup, RootsEntryIsFound) {
    write("subuid", "root:7:8\n");
    write("subgid", "0:9:10\n");
    const auto entry = lookUpUser(0, directory_.path());
    EXPECT_TRUE(entry.known);
    EXPECT_EQ(entry.name, "root");
    EXPECT_EQ(entry.gid, 0U);
    EXPECT_FALSE(entry.home.empty());
    EXPECT_FALSE(entry.shell.empty());
    EXPECT_EQ(entry.subUids, (std::vector<SubIds>{{7, 8}}));
    EXPECT_EQ(entry.subGids, (std::vector<SubIds>{{9, 10}}));
}

TEST_F(UserLookup, AUidWithoutAnEntryIsNotKnownAndNoError) {
    write("subuid", "4000000000:7:8\n");
    const auto entry = lookUpUser(4'000'000'000U, directory_.path());
    EXPECT_FALSE(entry.known);
    EXPECT_TRUE(entry.name.empty());
    EXPECT_EQ(entry.subUids, (std::vector<SubIds>{{7, 8}}));
}

TEST_F(UserLookup, AccountsAreFoundByNameAndWhoIsNotThereIsMissing) {
    const auto ids = lookUpAccounts({{"root", "no such user"}, {"root", "no such group"}});
    EXPECT_EQ(ids, (AccountIds{{{"root", 0}}, {{"root", 0}}}));
    EXPECT_EQ(lookUpAccounts({}), AccountIds{});
}

} // namespace
} // namespace nsd::worker
