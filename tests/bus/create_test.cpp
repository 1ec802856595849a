// SPDX-License-Identifier: LGPL-2.1-or-later
// Manager.Create: what reaches the core of what was asked for.
#include "tests/bus/bus_fixture.hpp"

#include <cstdint>

namespace nsd::test {
namespace {

class Create : public BusTest {
  protected:
    // Creates "web" with all types and one option, and answers its record.
    template <class... Args>
    const NamespaceRecord& withOption(const char* key, const char* signature, Args... args) {
        const auto fill = [&](sd_bus_message* message) {
            sd_bus_message_append(message, "s", "web");
            strings(toWords(NamespaceTypes::all()))(message);
            sd_bus_message_open_container(message, 'a', "{sv}");
            sd_bus_message_append(message, "{sv}", key, signature, args...);
            sd_bus_message_close_container(message);
        };
        const auto answer = root_->call("/org/nsd1", "org.nsd1.Manager", "Create", fill);
        EXPECT_EQ(answer->error, "") << answer->text;
        return namespaces_->find(Name("web"));
    }
};

TEST_F(Create, answersTheObjectOnceItIsThere) {
    const auto path = create("web", {"net", "uts"});
    EXPECT_EQ(nameOf(path), R"("web")");
    EXPECT_EQ(kernel_->pinned(), 2U);
}

TEST_F(Create, makesRootTheOwnerWhereNobodyIsNamed) {
    create("web", {"net"});
    EXPECT_EQ(namespaces_->find(Name("web")).owner, 0U);
}

TEST_F(Create, takesTheOwnerThatRootNames) {
    const auto& record = withOption("owner", "u", 1000U);
    EXPECT_EQ(record.owner, 1000U);
    EXPECT_EQ(record.spec.owner, std::optional<uid_t>(1000));
}

TEST_F(Create, takesLabels) {
    EXPECT_EQ(
        withOption("labels", "a{ss}", 2, "a", "1", "b/c", "").labels, (Labels{{"a", "1"}, {"b/c", ""}}));
}

TEST_F(Create, takesAHostname) {
    EXPECT_EQ(withOption("hostname", "s", "inner").spec.hostname, "inner");
}

TEST_F(Create, takesADomainname) {
    EXPECT_EQ(withOption("domainname", "s", "example").spec.domainname, "example");
}

TEST_F(Create, takesSysctlsWithSlashesOrDots) {
    EXPECT_EQ(
        withOption("sysctls", "a{ss}", 2, "net/ipv4/ip_forward", "1", "kernel.shmmni", "64").spec.sysctls,
        (std::map<std::string, std::string>{{"net.ipv4.ip_forward", "1"}, {"kernel.shmmni", "64"}}));
}

TEST_F(Create, takesAUidMap) {
    EXPECT_EQ(withOption("uid-map", "a(uuu)", 2, 0U, 100000U, 1000U, 1000U, 1000U, 1U).spec.uidMap,
        (std::vector<IdRange>{{0, 100000, 1000}, {1000, 1000, 1}}));
}

TEST_F(Create, takesAGidMap) {
    EXPECT_EQ(withOption("gid-map", "a(uuu)", 1, 0U, 100000U, 65536U).spec.gidMap,
        (std::vector<IdRange>{{0, 100000, 65536}}));
}

TEST_F(Create, takesMapRoot) {
    EXPECT_TRUE(withOption("map-root", "b", 1).spec.mapRoot);
}

TEST_F(Create, takesOffsetsOfBothClocks) {
    EXPECT_EQ(withOption("monotonic-offset", "x", std::int64_t{5'000'000'000}).spec.monotonicOffset,
        std::optional<std::int64_t>(5'000'000'000));
    EXPECT_EQ(
        root_->manager("Create", "sasa{sv}", "two", 1, "time", 1, "boottime-offset", "x", std::int64_t{7})
            ->error,
        "");
    EXPECT_EQ(namespaces_->find(Name("two")).spec.boottimeOffset, std::optional<std::int64_t>(7));
}

TEST_F(Create, takesATimeToLive) {
    const auto& record = withOption("ttl", "t", std::uint64_t{60'000'000});
    EXPECT_EQ(record.lifetime, Lifetime::Ttl);
    EXPECT_EQ(record.ttl, std::chrono::microseconds(60'000'000));
}

TEST_F(Create, withARequestIdAnswersTheSameObjectAgain) {
    const auto once = [&] {
        return root_->manager("Create", "sasa{sv}", "web", 1, "net", 1, "request-id", "s", "r1")->text;
    };
    const auto first = once();
    EXPECT_EQ(once(), first);
    EXPECT_EQ(namespaces_->count(), 1U);
    const auto other = root_->manager("Create", "sasa{sv}", "web", 1, "uts", 1, "request-id", "s", "r1");
    EXPECT_EQ(other->error, "org.nsd1.Error.InvalidArgument") << other->text;
}

TEST_F(Create, refusesANameThatIsTaken) {
    create("web", {"net"});
    const auto answer = root_->manager("Create", "sasa{sv}", "web", 1, "uts", 0);
    EXPECT_EQ(answer->error, "org.nsd1.Error.NameExists");
    EXPECT_NE(answer->text.find("\"web\""), std::string::npos) << answer->text;
}

TEST_F(Create, refusesATypeThatTheKernelLacks) {
    kernel_->support({NamespaceType::Net});
    const auto answer = root_->manager("Create", "sasa{sv}", "web", 1, "time", 0);
    EXPECT_EQ(answer->error, "org.nsd1.Error.TypeNotSupported");
    EXPECT_NE(answer->text.find("time"), std::string::npos) << answer->text;
}

TEST_F(Create, thatTheKernelRefusesLeavesNothing) {
    // The first Variant of a process makes sdbus-c++ open two descriptors, for good.
    const sdbus::Variant first(true);
    const auto before = countOpenFds();
    for (unsigned step = 0; step < 3; ++step) {
        kernel_->failAt(step, ENOSPC);
        const auto answer = root_->manager("Create", "sasa{sv}", "web", 2, "net", "uts", 0);
        EXPECT_EQ(answer->error, "org.nsd1.Error.LimitExceeded") << answer->text;
        EXPECT_EQ(namespaces_->count(), 0U);
        EXPECT_EQ(kernel_->pinned(), 0U);
    }
    settle();
    EXPECT_EQ(countOpenFds(), before);
}

} // namespace
} // namespace nsd::test
