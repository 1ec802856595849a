// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/audit_trail.hpp"

#include "daemon/message_ids.hpp"

#include <gtest/gtest.h>
#include <set>
#include <string>
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

class RecordingRecords final : public Records {
  public:
    void record(const Record& record) noexcept override { all.push_back(record); }
    std::vector<Record> all;
};

std::set<std::string> fieldsOf(const AuditRecord& decision) {
    const auto fields = recordOf(decision).fields;
    return {fields.begin(), fields.end()};
}

TEST(AuditTrail, aRefusalHasAFieldForEverythingThatIsKnown) {
    const std::set<std::string> expected{"NSD_METHOD=Destroy", "NSD_RIGHT=manage", "NSD_CALLER_UID=1000",
        "NSD_CALLER_PID=4711", "NSD_VERDICT=denied", "NSD_WHY=polkit says\nno", "NSD_NAMESPACE=web",
        "NSD_UUID=0123456789abcdef0123456789abcdef"};
    EXPECT_EQ(fieldsOf(refused()), expected);
    const auto record = recordOf(refused());
    EXPECT_EQ(record.text, "uid 1000 may not Destroy namespace \"web\" (right manage): polkit says\nno");
    EXPECT_EQ(record.messageId, std::string(message::decision));
    EXPECT_EQ(record.priority, 5);
}

TEST(AuditTrail, whatIsAllowedSaysOnWhatGround) {
    auto decision = refused();
    decision.allowed = true;
    decision.why = "user:1000";
    const auto fields = fieldsOf(decision);
    EXPECT_TRUE(fields.contains("NSD_VERDICT=allowed"));
    EXPECT_TRUE(fields.contains("NSD_WHY=user:1000"));
    EXPECT_EQ(recordOf(decision).priority, 6);
}

TEST(AuditTrail, whatIsNotKnownHasNoField) {
    AuditRecord decision;
    decision.method = "Create";
    decision.right = Right::Create;
    for (const auto& field : fieldsOf(decision))
        EXPECT_TRUE(!field.starts_with("NSD_NAMESPACE") && !field.starts_with("NSD_UUID") &&
                    !field.starts_with("NSD_CALLER_PID"))
            << field;
}

TEST(AuditTrail, eachDecisionIsOneRecord) {
    RecordingRecords records;
    AuditTrail trail(records);
    trail.record(refused());
    ASSERT_EQ(records.all.size(), 1U);
    EXPECT_EQ(records.all.front().text, describe(refused()));
}

} // namespace
} // namespace nsd::test
