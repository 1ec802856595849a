// SPDX-License-Identifier: LGPL-2.1-or-later
// The prepared mount namespaces: when they are made, for whom, and when they go.
#include "daemon/core/views.hpp"
#include "tests/support/fake_views.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace nsd::test {
namespace {

using Type = NamespaceType;

class ViewsTest : public CoreTest {
  protected:
    ViewsTest()
        : maker_(loop_, kernel_), views_(std::make_unique<Views>(loop_, maker_, kernel_, *namespaces_)) {}
    ~ViewsTest() override {
        loop_.settle();
        views_.reset();
        kernel_.forgetDropped(); // views that were there to the end
    }
    // "" or the error's word.
    std::string open(const Uuid& uuid, NamespaceTypes types) {
        std::string said = "no answer";
        views_->open(uuid, types, [&](Outcome<UniqueFd> outcome) {
            said = outcome.ok() ? "" : std::string(toWord(outcome.error().code()));
        });
        EXPECT_EQ(said, "no answer") << "answered from inside the call";
        loop_.settle();
        return said;
    }

    FakeViews maker_;
    std::unique_ptr<Views> views_;
};

TEST_F(ViewsTest, AreForNetworksWithoutMounts) {
    EXPECT_TRUE(needsView({Type::Net}));
    EXPECT_TRUE(needsView({Type::Net, Type::User, Type::Pid}));
    EXPECT_FALSE(needsView({Type::Net, Type::Mnt}));
    EXPECT_FALSE(needsView({Type::Uts}));
}

TEST_F(ViewsTest, IsMadeOnceForEachWay) {
    const auto uuid = create("web", {Type::Net, Type::User});
    EXPECT_TRUE(maker_.made().empty());
    EXPECT_EQ(open(uuid, {Type::Net}), "");
    EXPECT_EQ(open(uuid, {Type::Net}), "");
    EXPECT_EQ(open(uuid, {Type::Net, Type::User}), "");
    EXPECT_EQ(open(uuid, {Type::Net, Type::User}), "");
    EXPECT_EQ(maker_.made(), (std::vector<bool>{false, true}));
}

TEST_F(ViewsTest, GoesByAWorkerWithItsNamespace) {
    const auto uuid = create("web", {Type::Net});
    EXPECT_EQ(open(uuid, {Type::Net}), "");
    kernel_.forgetCalls();
    destroy(uuid);
    EXPECT_NE(std::find(kernel_.calls().begin(), kernel_.calls().end(), "retire mnt"), kernel_.calls().end());
}

TEST_F(ViewsTest, WhoWaitsWhenTheNamespaceGoesIsTold) {
    const auto uuid = create("web", {Type::Net});
    maker_.holdAnswers();
    std::string said;
    views_->open(uuid, {Type::Net},
        [&](Outcome<UniqueFd> outcome) { said = outcome.ok() ? "ok" : outcome.error().text(); });
    destroy(uuid);
    EXPECT_NE(said.find("went away"), std::string::npos) << said;
    kernel_.forgetCalls();
    maker_.releaseAnswers();
    loop_.settle();
    EXPECT_EQ(kernel_.calls(), std::vector<std::string>{"retire mnt"});
}

TEST_F(ViewsTest, WhatIsThereIsGivenOnlyIfItStillIsInTheTurnOfTheAnswer) {
    const auto uuid = create("web", {Type::Net});
    EXPECT_EQ(open(uuid, {Type::Net}), "");
    std::string said;
    views_->open(uuid, {Type::Net},
        [&](Outcome<UniqueFd> outcome) { said = outcome.ok() ? "ok" : outcome.error().text(); });
    destroy(uuid);
    EXPECT_NE(said.find("went away"), std::string::npos) << said;
}

TEST_F(ViewsTest, AFailureIsAnsweredAndTheNextTriesAgain) {
    const auto uuid = create("web", {Type::Net});
    maker_.failNext(kernelError("mount a fresh", "sysfs on /sys", EPERM));
    EXPECT_EQ(open(uuid, {Type::Net}), "KernelError");
    EXPECT_EQ(open(uuid, {Type::Net}), "");
    EXPECT_EQ(maker_.made().size(), 2U);
}

TEST_F(ViewsTest, TheHostIsWhereTheDaemonLives) {
    EXPECT_TRUE(views_->isHost(maker_.hostFd()));
    const auto other = kernel_.foreignNamespace(Type::Mnt);
    EXPECT_FALSE(views_->isHost(other.get()));
    const auto net = kernel_.foreignNamespace(Type::Net);
    EXPECT_EQ(codeOf([&] { static_cast<void>(views_->isHost(net.get())); }), "WrongFd");
}

TEST_F(ViewsTest, EachStartSeesTheHostsFilesAsTheyAre) {
    auto wanted = request("web", {Type::Net});
    wanted.spec.etc = {{"hosts", ""}};
    const auto uuid = create(wanted);
    EXPECT_EQ(open(uuid, {Type::Net}), "");
    EXPECT_EQ(open(uuid, {Type::Net}), "");
    EXPECT_EQ(etc_.refreshes(), 2U);
}

} // namespace
} // namespace nsd::test
