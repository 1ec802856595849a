// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/audit_trail.hpp"

#include "systemd/journal.hpp"

#include <cstdlib>
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

namespace nsd::test {
namespace {

AuditRecord refused() {
    return {
        .caller =
            {.busName = ":1.7", .uid = 1000, .groups = {}, .interactive = false, .pid = 4711, .ground = {}},
        .right = Right::Manage,
        .method = "Destroy",
        .name = "web",
        .uuid = "0123456789abcdef0123456789abcdef",
        .allowed = false,
        .why = "polkit says\nno"};
}

class LineLog final : public Log {
  public:
    void write(Level /*level*/, std::string_view text) noexcept override { lines.emplace_back(text); }
    std::vector<std::string> lines;
};

std::set<std::string> fieldsOf(const AuditRecord& decision) {
    const auto fields = journalFields(decision);
    return {fields.begin(), fields.end()};
}

TEST(AuditTrail, aRefusalHasAFieldForEverythingThatIsKnown) {
    const std::set<std::string> expected{
        "MESSAGE=uid 1000 may not Destroy namespace \"web\" (right manage): polkit says\nno",
        std::string("MESSAGE_ID=") + decisionMessageId, "PRIORITY=5", "SYSLOG_IDENTIFIER=nsd",
        "NSD_METHOD=Destroy", "NSD_RIGHT=manage", "NSD_CALLER_UID=1000", "NSD_CALLER_PID=4711",
        "NSD_VERDICT=denied", "NSD_WHY=polkit says\nno", "NSD_NAMESPACE=web",
        "NSD_UUID=0123456789abcdef0123456789abcdef"};
    EXPECT_EQ(fieldsOf(refused()), expected);
}

TEST(AuditTrail, whatIsAllowedSaysOnWhatGround) {
    auto decision = refused();
    decision.allowed = true;
    decision.why = "user:1000";
    const auto fields = fieldsOf(decision);
    EXPECT_TRUE(fields.contains("NSD_VERDICT=allowed"));
    EXPECT_TRUE(fields.contains("NSD_WHY=user:1000"));
    EXPECT_TRUE(fields.contains("PRIORITY=6"));
}

TEST(AuditTrail, whatIsNotKnownHasNoField) {
    AuditRecord decision;
    decision.method = "Create";
    decision.right = Right::Create;
    for (const auto& field : journalFields(decision))
        EXPECT_TRUE(!field.starts_with("NSD_NAMESPACE") && !field.starts_with("NSD_UUID") &&
                    !field.starts_with("NSD_CALLER_PID"))
            << field;
}

TEST(AuditTrail, withoutAJournalItIsALineOfTheLog) {
    LineLog log;
    AuditTrail trail(log, AuditTrail::To::Log);
    trail.record(refused());
    EXPECT_EQ(log.lines, std::vector<std::string>{describe(refused())});
}

TEST(AuditTrail, stderrIsTheJournalsOnlyIfItIsTheStreamThatSystemdGave) {
    struct stat st {};
    ASSERT_EQ(::fstat(STDERR_FILENO, &st), 0);
    const auto stream = std::to_string(st.st_dev) + ":" + std::to_string(st.st_ino);
    ::setenv("JOURNAL_STREAM", stream.c_str(), 1);
    EXPECT_TRUE(journal::isStream(STDERR_FILENO));
    ::setenv("JOURNAL_STREAM", (stream + "0").c_str(), 1);
    EXPECT_FALSE(journal::isStream(STDERR_FILENO));
    ::unsetenv("JOURNAL_STREAM");
    EXPECT_FALSE(journal::isStream(STDERR_FILENO));
}

} // namespace
} // namespace nsd::test
