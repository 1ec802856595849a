// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/event_journal.hpp"

#include "daemon/message_ids.hpp"
#include "tests/bus/bus_fixture.hpp"

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <unistd.h>
#include <vector>

namespace nsd::test {
namespace {

class RecordingRecords final : public Records {
  public:
    void record(const Record& record) noexcept override { all.push_back(record); }
    std::vector<Record> all;
};

class EventJournalTest : public BusTest {
  protected:
    void SetUp() override {
        BusTest::SetUp();
        if (namespaces_)
            journal_ = std::make_unique<EventJournal>(records_, *namespaces_, *processes_);
    }
    void TearDown() override {
        journal_.reset();
        BusTest::TearDown();
    }
    // Of this kind there must be one; answers whether it has all these fields.
    [[nodiscard]] testing::AssertionResult wrote(
        const char* id, const std::string& text, const std::vector<std::string>& fields) const {
        const auto isOne = [&](const Record& record) { return record.messageId == std::string(id); };
        const auto found = std::find_if(records_.all.begin(), records_.all.end(), isOne);
        if (std::count_if(records_.all.begin(), records_.all.end(), isOne) != 1)
            return testing::AssertionFailure() << "not one entry " << text;
        if (found->text != text)
            return testing::AssertionFailure() << found->text;
        for (const auto& field : fields)
            if (std::find(found->fields.begin(), found->fields.end(), field) == found->fields.end())
                return testing::AssertionFailure() << "no " << field;
        return testing::AssertionSuccess();
    }
    static std::string uuidIn(const std::string& path) { return path.substr(path.rfind('/') + 1); }

    RecordingRecords records_;
    std::unique_ptr<EventJournal> journal_;
};

TEST_F(EventJournalTest, aNamespaceComesAndGoes) {
    const auto uuid = uuidIn(create("web", {"net", "uts"}));
    const std::vector<std::string> fields{"NSD_NAMESPACE=web", "NSD_UUID=" + uuid, "NSD_OWNER_UID=0",
        "NSD_TYPE=net", "NSD_TYPE=uts", "NSD_CALLER_UID=0", "NSD_CALLER_PID=" + std::to_string(getpid())};
    EXPECT_TRUE(wrote(message::namespaceNew, "Namespace web is made by uid 0", fields));
    root_->manager("Destroy", "sa{sv}", "web", 0);
    EXPECT_TRUE(wrote(message::namespaceRemoved, "Namespace web is destroyed by uid 0", fields));
    EXPECT_EQ(records_.all.size(), 2U);
}

TEST_F(EventJournalTest, aLinkOfTheHostComesAndGoesHomeUnderAnotherName) {
    create("web", {"net"});
    links_->put(FakeLinks::host, {.name = "eth0"});
    root_->manager("MoveLink", "ssa{sv}", "web", "eth0", 1, "name", "s", "wan");
    EXPECT_TRUE(wrote(message::linkMoved, "Link \"eth0\" of the host is in namespace web as \"wan\"",
        {"NSD_NAMESPACE=web", "NSD_LINK=wan", "NSD_LINK_HOME=eth0"}));
    links_->put(FakeLinks::host, {.name = "eth0"});
    root_->manager("ReturnLink", "ssa{sv}", "web", "wan", 0);
    EXPECT_TRUE(wrote(message::linkReturned,
        "Link \"wan\" of namespace web is back on the host as \"eth0-2\"; another link is called eth0 now",
        {"NSD_NAMESPACE=web", "NSD_LINK=wan", "NSD_LINK_HOME=eth0-2"}));
}

TEST_F(EventJournalTest, whatNsdDoesByItselfNamesNobody) {
    root_->manager("Create", "sasa{sv}", "web", 1, "net", 1, "ttl", "t", std::uint64_t{1});
    root_->turnUntil([&] { return records_.all.size() == 2; });
    EXPECT_TRUE(wrote(message::namespaceRemoved, "Namespace web is destroyed", {"NSD_NAMESPACE=web"}));
    const auto& fields = records_.all.back().fields;
    EXPECT_TRUE(std::none_of(
        fields.begin(), fields.end(), [](const auto& field) { return field.starts_with("NSD_CALLER_"); }));
}

TEST_F(EventJournalTest, aNamespaceThatIsDegradedIsAWarning) {
    const auto uuid = uuidIn(create("box", {"pid"}));
    const auto* record = namespaces_->findByUuid(*Uuid::parse(uuid));
    kernel_->killInit(record->identities.at(NamespaceType::Pid).inode);
    settle();
    EXPECT_TRUE(wrote(message::namespaceDegraded, "Namespace box is degraded: something of it is lost",
        {"NSD_NAMESPACE=box", "NSD_UUID=" + uuid, "NSD_TYPE=pid"}));
    EXPECT_EQ(records_.all.back().priority, 4);
}

TEST_F(EventJournalTest, aLeaseEnds) {
    create("web", {"net"});
    root_->manager("Hold", "sa{sv}", "web", 0); // the answer, and with it the lease, is dropped
    root_->turnUntil([&] { return records_.all.size() == 2; });
    EXPECT_TRUE(wrote(message::leaseEnded, "Lease 1 of uid 0 on namespace web was closed",
        {"NSD_NAMESPACE=web", "NSD_LEASE=1", "NSD_LEASE_UID=0", "NSD_LEASE_END=closed"}));
}

TEST_F(EventJournalTest, aCommandBeginsAndEnds) {
    const auto uuid = uuidIn(create("web", {"net"}));
    const auto path = root_->manager("Exec", "sasa{sv}", "web", 1, "true", 0)->text;
    const auto pid = std::to_string(launcher_->lastPid());
    const auto number = std::to_string(processes_->list().front()->number);
    const std::vector<std::string> fields{"NSD_NAMESPACE=web", "NSD_UUID=" + uuid, "NSD_PROCESS=" + number,
        "NSD_PROCESS_PID=" + pid, "NSD_PROCESS_UID=0"};
    EXPECT_TRUE(
        wrote(message::processStarted, "Process " + number + " of uid 0 has begun, pid " + pid, fields));
    EXPECT_TRUE(wrote(message::processStarted, "Process " + number + " of uid 0 has begun, pid " + pid,
        {"NSD_CALLER_UID=0", "NSD_CALLER_PID=" + std::to_string(getpid())}));
    launcher_->end(launcher_->lastPid(), CLD_EXITED, 3);
    root_->turnUntil([&] { return records_.all.size() == 3; });
    EXPECT_TRUE(wrote(message::processEnded, "Process " + number + " has ended with status 3", fields));
    EXPECT_TRUE(wrote(message::processEnded, "Process " + number + " has ended with status 3",
        {"NSD_EXIT_CODE=1", "NSD_EXIT_STATUS=3"}));
}

TEST(EventJournal, whatIsPutIntoQuarantineIsAWarning) {
    const auto record = recordOf(Quarantined{"bad\nname", "no meta file"});
    EXPECT_EQ(record.messageId, std::string(message::namespaceQuarantined));
    EXPECT_EQ(record.text, "Put into quarantine: \"bad\\x0aname\": no meta file");
    EXPECT_EQ(record.priority, 4);
    EXPECT_EQ(record.fields, (std::vector<std::string>{"NSD_ENTRY=bad\nname", "NSD_WHY=no meta file"}));
}

} // namespace
} // namespace nsd::test
