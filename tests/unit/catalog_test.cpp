// SPDX-License-Identifier: LGPL-2.1-or-later
//
// systemd/nsd.catalog against the entries that nsd writes, and against journalctl.
#include "tests/support/command.hpp"
#include "tests/support/require.hpp"
#include "tests/support/source_tree.hpp"
#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <regex>
#include <set>
#include <string>

namespace nsd::test {
namespace {

using Words = std::set<std::string>;

std::string textOf(const std::string& path) {
    return readFile(std::filesystem::path(NSD_TEST_SOURCE_DIR) / path);
}

Words found(const std::string& text, const std::string& pattern) {
    const std::regex regex(pattern);
    Words words;
    for (auto at = std::sregex_iterator(text.begin(), text.end(), regex); at != std::sregex_iterator(); ++at)
        words.insert((*at)[1]);
    return words;
}

Words writtenIds() {
    return found(textOf("daemon/message_ids.hpp"), "\"([0-9a-f]{32})\"");
}

TEST(Catalog, explainsEachKindOfEntryAndNoOther) {
    ASSERT_GE(writtenIds().size(), 8U);
    EXPECT_EQ(found(textOf("systemd/nsd.catalog"), "-- ([0-9a-f]+)\n"), writtenIds());
}

TEST(Catalog, usesOnlyFieldsThatNsdWrites) {
    const auto code = textOf("daemon/audit_trail.cpp") + textOf("daemon/event_journal.cpp");
    const auto written = found(code, "\"(NSD_[A-Z_]+)=");
    for (const auto& field : found(textOf("systemd/nsd.catalog"), "@([A-Z_]+)@"))
        EXPECT_TRUE(written.contains(field)) << field;
}

TEST(Catalog, isOneForJournalctl) {
    NSD_REQUIRE_PROGRAM("journalctl");
    const TempDir root;
    std::filesystem::create_directories(root / "usr/lib/systemd/catalog");
    std::filesystem::create_directories(root / "var/lib/systemd/catalog");
    writeFile(root / "usr/lib/systemd/catalog/nsd.catalog", textOf("systemd/nsd.catalog"));
    const auto updated = run({"journalctl", "--root=" + root.path().string(), "--update-catalog"});
    EXPECT_EQ(updated.status, 0) << updated.err;
    EXPECT_EQ(updated.err, "");
    const auto listed = mustRun({"journalctl", "--root=" + root.path().string(), "--list-catalog"});
    EXPECT_EQ(found(listed, "([0-9a-f]{32}) nsd: "), writtenIds()) << listed;
}

} // namespace
} // namespace nsd::test
