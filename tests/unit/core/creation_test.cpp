// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/require.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <fstream>
#include <sys/resource.h>

namespace nsd::test {
namespace {

class Creation : public CoreTest {};

constexpr NamespaceTypes all = NamespaceTypes::all();

// Lowers the limit of descriptors to those open now and `more`.
class FdLimit {
  public:
    explicit FdLimit(std::size_t more) {
        ::getrlimit(RLIMIT_NOFILE, &before_);
        auto limit = before_;
        limit.rlim_cur = countOpenFds() + more;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    FdLimit(const FdLimit&) = delete;
    FdLimit& operator=(const FdLimit&) = delete;
    ~FdLimit() { ::setrlimit(RLIMIT_NOFILE, &before_); }

  private:
    rlimit before_{};
};

TEST_F(Creation, PublishesPinsAndMetaUnderTheName) {
    const auto uuid = create("web", all);
    EXPECT_EQ(entries("web"),
        (std::vector<std::string>{"cgroup", "ipc", "meta", "mnt", "net", "pid", "time", "user", "uts"}));
    EXPECT_EQ(namespaces_->find(Name("web")).uuid, uuid);
    EXPECT_EQ(events_.seen, std::vector<std::string>{"added web"});
    EXPECT_EQ(record(uuid).controlGroup, "/nsd-keep/" + uuid.str());
    EXPECT_EQ(kernel_.livingInits(), 1U);
    expectNoLeftovers();
}

TEST_F(Creation, IsNotVisibleBeforeItIsComplete) {
    namespaces_->create(request("web", all), [](const Outcome<Uuid>&) {});
    EXPECT_EQ(codeOf([&] { static_cast<void>(namespaces_->find(Name("web"))); }), "NoSuchNamespace");
    EXPECT_EQ(namespaces_->count(), 0U);
    EXPECT_TRUE(entries().empty());
}

TEST_F(Creation, SettlesTheInitAfterMetaAndBeforePublishing) {
    create("p", {NamespaceType::Pid});
    EXPECT_EQ(kernel_.calls(), (std::vector<std::string>{"make", "bindPin pid", "settleInit"}));
}

TEST_F(Creation, OfATakenNameIsRefused) {
    create("web");
    EXPECT_EQ(codeOf([&] { create("web"); }), "NameExists");
}

TEST_F(Creation, OfANameThatIsBeingMadeIsRefused) {
    std::optional<Outcome<Uuid>> first;
    namespaces_->create(request("web", all), [&](const Outcome<Uuid>& outcome) { first = outcome; });
    EXPECT_EQ(codeOf([&] { create("web"); }), "NameExists");
    EXPECT_TRUE(first && first->ok());
    EXPECT_EQ(namespaces_->count(), 1U);
}

TEST_F(Creation, OverAThingThatLiesThereIsRefusedAndLeavesItAlone) {
    std::ofstream(pins() / "web") << "somebody's";
    EXPECT_EQ(codeOf([&] { create("web"); }), "NameExists");
    EXPECT_TRUE(std::filesystem::is_regular_file(pins() / "web"));
    expectNoLeftovers();
}

TEST_F(Creation, OfATypeThatTheKernelLacksIsRefused) {
    kernel_.support({NamespaceType::Net});
    EXPECT_EQ(textOf([&] { create("web", {NamespaceType::Time}); }),
        "this kernel has no namespaces of type time; it has net");
    EXPECT_TRUE(kernel_.calls().empty());
}

TEST_F(Creation, OfAnInvalidRequestReachesNoKernel) {
    auto bad = request("web", {NamespaceType::Net});
    bad.spec.hostname = "x";
    EXPECT_EQ(textOf([&] { create(bad); }), "hostname needs type uts");
    EXPECT_TRUE(kernel_.calls().empty());
    create("web");
}

TEST_F(Creation, FailingAtAnyCallOfTheKernelLeavesNothing) {
    unsigned step = 0;
    for (;; ++step) {
        kernel_.failAt(step);
        const auto code = codeOf([&] { create("web", all); });
        if (!kernel_.failed())
            break;
        EXPECT_EQ(code, "LimitExceeded") << step;
        EXPECT_EQ(namespaces_->count(), 0U) << step;
        EXPECT_TRUE(entries().empty()) << step;
        expectNoLeftovers();
        EXPECT_TRUE(kernel_.leaked().empty()) << step;
        EXPECT_EQ(kernel_.livingInits(), 0U) << step;
        EXPECT_EQ(kernel_.controlGroups(), 0U) << step;
    }
    EXPECT_EQ(step, 10U); // make, eight pins, settleInit
    EXPECT_EQ(namespaces_->count(), 1U);
}

TEST_F(Creation, WithoutDescriptorsAtAnyPointLeavesNothing) {
    std::size_t failures = 0;
    for (std::size_t more = 1;; ++more) {
        std::string code;
        {
            const FdLimit limit(more);
            code = codeOf([&] { create("web", all); });
        }
        if (code == "none")
            break;
        ++failures;
        ASSERT_EQ(code, "LimitExceeded") << more;
        EXPECT_TRUE(entries().empty()) << more;
        expectNoLeftovers();
        EXPECT_TRUE(kernel_.leaked().empty()) << more;
        EXPECT_EQ(kernel_.livingInits(), 0U) << more;
    }
    EXPECT_GT(failures, 8U);
}

// What can fail comes before the name: else it would have one, and a dead init.
TEST_F(Creation, WhoseInitCannotBeWatchedLeavesNothing) {
    loop_.refuseWatches();
    auto brief = request("web", all);
    brief.ttl = std::chrono::seconds(5);
    EXPECT_EQ(codeOf([&] { create(brief); }), "LimitExceeded");
    EXPECT_EQ(namespaces_->count(), 0U);
    EXPECT_TRUE(entries().empty());
    expectNoLeftovers();
    EXPECT_EQ(kernel_.livingInits(), 0U);
    EXPECT_TRUE(kernel_.leaked().empty());
    EXPECT_TRUE(events_.seen.empty());
    loop_.refuseWatches(false);
    create("web", all);
    loop_.advance(std::chrono::seconds(6));
    EXPECT_EQ(namespaces_->count(), 1U) << "the deadline was of the one that was never there";
}

TEST_F(Creation, MakesAMountNamespaceAgainThatIsTooOldToBePinned) {
    kernel_.refuseMntBinds(3);
    create("web", {NamespaceType::Mnt, NamespaceType::Pid});
    const auto& calls = kernel_.calls();
    EXPECT_EQ(std::count(calls.begin(), calls.end(), "make 3"), 1);
    EXPECT_EQ(kernel_.livingInits(), 1U);
    EXPECT_EQ(kernel_.controlGroups(), 1U);
    expectNoLeftovers();
}

TEST_F(Creation, GivesUpAfterEightAttempts) {
    kernel_.refuseMntBinds(100);
    EXPECT_EQ(codeOf([&] { create("web", {NamespaceType::Mnt}); }), "KernelError");
    const auto& calls = kernel_.calls();
    EXPECT_EQ(
        std::count_if(calls.begin(), calls.end(), [](auto& call) { return call.starts_with("make"); }), 8);
    EXPECT_TRUE(entries().empty());
    expectNoLeftovers();
}

TEST_F(Creation, AnswersAfterTheNameIsFreeAgain) {
    kernel_.failAt(3);
    bool again = false;
    namespaces_->create(request("web", all), [&](const Outcome<Uuid>& outcome) {
        EXPECT_FALSE(outcome.ok());
        namespaces_->create(request("web", all), [&](const Outcome<Uuid>& second) { again = second.ok(); });
    });
    loop_.settle();
    EXPECT_TRUE(again);
}

TEST_F(Creation, ThatIsUnderWayAtTheEndIsDropped) {
    kernel_.delayAnswers(std::chrono::seconds(1));
    bool answered = false;
    namespaces_->create(request("web", all), [&](const Outcome<Uuid>&) { answered = true; });
    namespaces_.reset();
    loop_.advance(std::chrono::seconds(2));
    EXPECT_FALSE(answered);
    EXPECT_TRUE(entries().empty());
    kernel_.forgetDropped(); // nobody was left to retire what the worker had made
}

TEST_F(Creation, HasTheOwnerAndTheTimeThatWereAskedFor) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.owner = 1000;
    const auto uuid = create(wanted);
    EXPECT_EQ(record(uuid).owner, 1000U);
    EXPECT_EQ(record(uuid).spec.owner, std::optional<uid_t>(1000));
    EXPECT_GT(record(uuid).createdRealtime, 1'600'000'000'000'000U);
    EXPECT_EQ(record(uuid).lifetime, Lifetime::Manual);
}

} // namespace
} // namespace nsd::test
