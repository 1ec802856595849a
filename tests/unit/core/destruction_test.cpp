// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/unit/core/core_fixture.hpp"

#include <algorithm>
#include <fstream>
#include <sys/resource.h>

namespace nsd::test {
namespace {

class Destruction : public CoreTest {
  protected:
    [[nodiscard]] bool called(const std::string& call) const {
        const auto& calls = kernel_.calls();
        return std::find(calls.begin(), calls.end(), call) != calls.end();
    }
    [[nodiscard]] std::ptrdiff_t placeOf(const std::string& call) const {
        const auto& calls = kernel_.calls();
        return std::find(calls.begin(), calls.end(), call) - calls.begin();
    }
};

constexpr NamespaceTypes all = NamespaceTypes::all();
constexpr DestroyOptions force{.force = true};

TEST_F(Destruction, LeavesNothingAndSaysReleased) {
    const auto uuid = create("web", all);
    const auto result = destroy(uuid);
    EXPECT_EQ(result.released, Released::Yes);
    EXPECT_TRUE(result.holders.empty());
    EXPECT_TRUE(entries().empty());
    expectNoLeftovers();
    EXPECT_EQ(kernel_.pinned(), 0U);
    EXPECT_EQ(kernel_.livingInits(), 0U);
    EXPECT_EQ(kernel_.controlGroups(), 0U);
    EXPECT_EQ(events_.seen, (std::vector<std::string>{"added web", "removed web"}));
}

TEST_F(Destruction, FreesTheNameAtOnce) {
    const auto uuid = create("web", all);
    namespaces_->destroy(uuid, {}, [](const Outcome<DestroyResult>&) {});
    EXPECT_EQ(namespaces_->count(), 0U);
    EXPECT_EQ(codeOf([&] { destroy(uuid); }), "NoSuchNamespace");
    EXPECT_NE(create("web", all), uuid);
}

TEST_F(Destruction, OfAnUnknownUuidIsNoSuchNamespace) {
    EXPECT_EQ(codeOf([&] { destroy(Uuid::random()); }), "NoSuchNamespace");
}

TEST_F(Destruction, NamesTheHoldersOfWhatIsNotReleased) {
    kernel_.answerReleased(NamespaceType::Net, Released::No);
    kernel_.answerHolders({Holder{"process", 7, "sleep", "net", ""}});
    const auto result = destroy(create("web", {NamespaceType::Net, NamespaceType::Uts}));
    EXPECT_EQ(result.released, Released::No);
    ASSERT_EQ(result.holders.size(), 1U);
    EXPECT_EQ(result.holders[0].pid, 7U);
    EXPECT_TRUE(entries().empty());
}

TEST_F(Destruction, AnswersNoEvenIfTheHoldersCannotBeFound) {
    kernel_.answerReleased(NamespaceType::Net, Released::No);
    const auto uuid = create("web");
    kernel_.failAt(9, EIO); // eight pins are looked for, then retire, then findHolders
    EXPECT_EQ(destroy(uuid).released, Released::No);
    EXPECT_TRUE(kernel_.failed());
    EXPECT_TRUE(called("findHolders"));
}

TEST_F(Destruction, IsUnknownWhereTheKernelCannotSay) {
    kernel_.answerReleased(NamespaceType::Uts, Released::Unknown);
    EXPECT_EQ(destroy(create("web", {NamespaceType::Net, NamespaceType::Uts})).released, Released::Unknown);
    kernel_.answerReleased(NamespaceType::Net, Released::No);
    EXPECT_EQ(destroy(create("web", {NamespaceType::Net, NamespaceType::Uts})).released, Released::No);
}

TEST_F(Destruction, GoesOnWhateverFailsOnTheWay) {
    unsigned step = 0;
    for (;; ++step) {
        const auto name = "web" + std::to_string(step);
        const auto uuid = create(name, all);
        kernel_.failAt(step, EIO);
        static_cast<void>(destroy(uuid, force));
        if (!kernel_.failed())
            break;
        EXPECT_EQ(codeOf([&] { static_cast<void>(namespaces_->find(Name(name))); }), "NoSuchNamespace");
        EXPECT_EQ(kernel_.livingInits(), 0U) << step;
        EXPECT_EQ(kernel_.controlGroups(), 0U) << step;
        EXPECT_FALSE(log_.warnings.empty()) << step;
        log_.warnings.clear();
        // A pin that could not be removed is the next start's.
        static_cast<void>(restart());
        EXPECT_TRUE(entries(".trash").empty()) << step;
        EXPECT_EQ(kernel_.pinned(), 0U) << step;
        expectNoLeftovers();
    }
    EXPECT_EQ(step, 10U); // killMembers, eight pins, retire
}

TEST_F(Destruction, WithoutDescriptorsChangesNothing) {
    const auto uuid = create("web", all);
    std::size_t failures = 0;
    for (rlim_t more = 1;; ++more) {
        rlimit before{};
        ::getrlimit(RLIMIT_NOFILE, &before);
        const rlimit limit{countOpenFds() + more, before.rlim_max};
        ::setrlimit(RLIMIT_NOFILE, &limit);
        const auto code = codeOf([&] { destroy(uuid); });
        ::setrlimit(RLIMIT_NOFILE, &before);
        if (code == "none")
            break;
        ++failures;
        ASSERT_EQ(code, "LimitExceeded");
        EXPECT_EQ(namespaces_->find(Name("web")).uuid, uuid);
        EXPECT_EQ(namespaces_->open(uuid, {}).size(), 8U);
    }
    EXPECT_GT(failures, 4U); // at the directory, and at one pin after the other
    expectNoLeftovers();
}

TEST_F(Destruction, EndsTheInitBeforeItsPinGoes) {
    const auto uuid = create("p", {NamespaceType::Pid});
    kernel_.forgetCalls();
    destroy(uuid);
    EXPECT_LT(placeOf("countMembers"), placeOf("endInit"));
    EXPECT_LT(placeOf("endInit"), placeOf("removePin pid"));
    EXPECT_LT(placeOf("removePin pid"), placeOf("retire pid"));
    EXPECT_FALSE(called("lingerInit"));
    EXPECT_FALSE(called("killMembers"));
}

TEST_F(Destruction, WithoutForceLetsTheInitStayWithWhoeverLivesThere) {
    const auto uuid = create("p", {NamespaceType::Pid});
    kernel_.setMembers(inode(uuid, NamespaceType::Pid), 1);
    destroy(uuid);
    EXPECT_TRUE(called("lingerInit"));
    EXPECT_FALSE(called("endInit"));
    EXPECT_EQ(kernel_.livingInits(), 1U);
}

TEST_F(Destruction, WithoutForceLetsTheInitStayIfNobodyCanBeCounted) {
    const auto uuid = create("p", {NamespaceType::Pid});
    kernel_.failAt(0, EIO);
    destroy(uuid);
    EXPECT_TRUE(called("lingerInit"));
    EXPECT_FALSE(called("endInit"));
}

TEST_F(Destruction, WithForceKillsMembersWhileTheNameStands) {
    const auto uuid = create("p", {NamespaceType::Pid});
    kernel_.setMembers(inode(uuid, NamespaceType::Pid), 3);
    kernel_.forgetCalls();
    bool done = false;
    namespaces_->destroy(uuid, force, [&](const Outcome<DestroyResult>& outcome) { done = outcome.ok(); });
    EXPECT_TRUE(called("killMembers"));
    EXPECT_EQ(entries(), std::vector<std::string>{"p"});
    loop_.settle();
    EXPECT_TRUE(done);
    EXPECT_LT(placeOf("killMembers"), placeOf("endInit"));
    EXPECT_FALSE(called("countMembers"));
}

TEST_F(Destruction, UnderWayTakesNoNewEntriesAndNoSecondCommit) {
    const auto uuid = create("p", {NamespaceType::Pid});
    int answers = 0;
    const auto count = [&](const Outcome<DestroyResult>& outcome) { answers += outcome.ok() ? 1 : 100; };
    namespaces_->destroy(uuid, force, count);
    namespaces_->destroy(uuid, force, count);
    EXPECT_EQ(codeOf([&] { static_cast<void>(namespaces_->open(uuid, {})); }), "Busy");
    EXPECT_EQ(codeOf([&] { namespaces_->rename(uuid, Name("q")); }), "Busy");
    EXPECT_EQ(codeOf([&] { namespaces_->setLabels(uuid, {}); }), "Busy");
    loop_.settle();
    EXPECT_EQ(answers, 2);
}

TEST_F(Destruction, OfADegradedNamespaceWorks) {
    const auto uuid = create("p", all);
    kernel_.killInit(inode(uuid, NamespaceType::Pid));
    loop_.settle();
    kernel_.forgetCalls();
    EXPECT_EQ(destroy(uuid).released, Released::Yes);
    EXPECT_FALSE(called("endInit"));
    expectNoLeftovers();
}

TEST_F(Destruction, PutsAsideWhatSomebodyElsePutIntoTheDirectory) {
    const auto uuid = create("web");
    std::filesystem::create_directories(pins() / "web" / "deep" / "er");
    std::ofstream(pins() / "web" / "deep" / "er" / "file") << "theirs";
    EXPECT_EQ(destroy(uuid).released, Released::Yes);
    EXPECT_TRUE(entries().empty());
    EXPECT_TRUE(entries(".trash").empty());
    ASSERT_EQ(entries(".quarantine").size(), 1U);
    EXPECT_TRUE(std::filesystem::exists(pins() / ".quarantine" / entries(".quarantine")[0] / "deep/er/file"));
}

TEST_F(Destruction, WaitsForTheKernelUpToItsTimeout) {
    const auto uuid = create("web");
    kernel_.forgetCalls();
    destroy(uuid, {.patience = std::chrono::microseconds::max()});
    EXPECT_TRUE(called("retire net"));
    EXPECT_EQ(kernel_.lastPatience(), std::chrono::hours(24 * 365));
    destroy(create("web"), {.patience = std::chrono::microseconds{0}});
    EXPECT_EQ(kernel_.lastPatience().count(), 0);
}

} // namespace
} // namespace nsd::test
