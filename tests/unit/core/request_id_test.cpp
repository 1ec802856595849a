// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/unit/core/core_fixture.hpp"

namespace nsd::test {
namespace {

class RequestIds : public CoreTest {};

TEST_F(RequestIds, AnswersTheSameRequestWithTheSameNamespace) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.requestId = "r";
    wanted.spec.sysctls = {{"net/ipv4/ip_forward", "1"}};
    const auto uuid = create(wanted);
    wanted.spec.sysctls = {{"net.ipv4.ip_forward", "1"}}; // the same in other words
    EXPECT_EQ(create(wanted), uuid);
    namespaces_->setLabels(uuid, {{"k", "v"}});
    EXPECT_EQ(create(wanted), uuid);
    EXPECT_EQ(namespaces_->count(), 1U);
}

TEST_F(RequestIds, JoinsTheSameRequestThatIsUnderWay) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.requestId = "r";
    std::vector<Uuid> answers;
    const auto collect = [&](Outcome<Uuid> outcome) { answers.push_back(outcome.value()); };
    namespaces_->create(wanted, collect);
    namespaces_->create(wanted, collect);
    auto other = wanted;
    other.labels = {{"k", "v"}};
    EXPECT_EQ(codeOf([&] { create(other); }), "InvalidArgument");
    ASSERT_EQ(answers.size(), 2U);
    EXPECT_EQ(answers[0], answers[1]);
}

TEST_F(RequestIds, LetsAllWhoJoinedFailTogetherAndTryAgain) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.requestId = "r";
    kernel_.failAt(0);
    int failures = 0;
    const auto count = [&](const Outcome<Uuid>& outcome) { failures += outcome.ok() ? 100 : 1; };
    namespaces_->create(wanted, count);
    namespaces_->create(wanted, count);
    loop_.settle();
    EXPECT_EQ(failures, 2);
    create(wanted);
}

TEST_F(RequestIds, RefusesARequestIdWithOtherArguments) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.requestId = "r";
    create(wanted);
    const auto refuse = [&](auto change) {
        auto other = wanted;
        change(other);
        EXPECT_EQ(codeOf([&] { create(other); }), "InvalidArgument");
    };
    refuse([](auto& other) { other.name = Name("other"); });
    refuse([](auto& other) { other.spec.types.insert(NamespaceType::Uts); });
    refuse([](auto& other) { other.labels = {{"k", "v"}}; });
    refuse([](auto& other) { other.ttl = std::chrono::seconds(1); });
    refuse([](auto& other) { other.owner = 1000; });
}

TEST_F(RequestIds, KeepsRequestIdsApartByCaller) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.requestId = "r";
    create(wanted);
    wanted.caller = 1000;
    EXPECT_EQ(codeOf([&] { create(wanted); }), "NameExists");
    wanted.name = Name("other");
    create(wanted);
    EXPECT_EQ(namespaces_->count(), 2U);
}

TEST_F(RequestIds, ForgetsTheRequestIdWithTheNamespace) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.requestId = "r";
    const auto uuid = create(wanted);
    destroy(uuid);
    wanted.labels = {{"k", "v"}};
    EXPECT_NE(create(wanted), uuid);
}

} // namespace
} // namespace nsd::test
