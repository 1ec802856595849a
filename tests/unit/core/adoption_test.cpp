// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/adopt_request.hpp"
#include "daemon/core/foreign.hpp"
#include "daemon/core/meta.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <algorithm>
#include <cstdint>
#include <fcntl.h>

namespace nsd::test {
namespace {

constexpr uid_t user = 1000;

// Namespaces that somebody outside of nsd has made. What the fake kernel counts as leaked are those of
// Kernel::make alone, so that the descriptors are what a test looks at.
class Adoption : public CoreTest {
  protected:
    UniqueFd& make(NamespaceType type) {
        auto& fd = theirs_[type] = kernel_.foreignNamespace(type);
        if (type == NamespaceType::Pid)
            kernel_.giveInit(fd.get());
        return fd;
    }
    // It belongs to the user namespace number `userNamespace`, which this uid owns.
    UniqueFd& makeForeign(NamespaceType type, uid_t owner = user, std::uint64_t userNamespace = 77) {
        auto& fd = make(type);
        kernel_.answerOwnership(fd.get(), {.ofHost = false,
                                              .user = {NamespaceType::User, 4, userNamespace, 0},
                                              .foreign = true,
                                              .owner = owner});
        return fd;
    }
    AdoptRequest theRequest(const std::string& name, uid_t caller = 0) {
        AdoptRequest adopt{{.name = Name(name)}, BroughtNamespaces(kernel_), namespaces_->inspect(theirs_)};
        adopt.request.caller = adopt.request.owner = caller;
        for (const auto& [type, fd] : theirs_) {
            adopt.request.spec.types.insert(type);
            adopt.fds.add(type, fd.duplicate());
        }
        return adopt;
    }
    Uuid adopt(AdoptRequest request) {
        std::vector<Outcome<Uuid>> answers;
        namespaces_->adopt(std::move(request), [&](Outcome<Uuid> outcome) { answers.push_back(outcome); });
        EXPECT_TRUE(answers.empty()) << "answered from inside the call";
        loop_.settle();
        EXPECT_EQ(answers.size(), 1U);
        return answers.at(0).value();
    }
    Uuid adopt(const std::string& name, uid_t caller = 0) { return adopt(theRequest(name, caller)); }
    [[nodiscard]] bool called(const std::string& call) const {
        return std::count(kernel_.calls().begin(), kernel_.calls().end(), call) > 0;
    }
    void TearDown() override { theirs_.clear(); }

    OpenedNamespaces theirs_;
};

TEST_F(Adoption, IsANamespaceLikeAnyOther) {
    for (const auto type : allNamespaceTypes)
        make(type);
    auto request = theRequest("box");
    request.request.labels = {{"k", "v"}};
    const auto uuid = adopt(std::move(request));
    EXPECT_EQ(record(uuid).origin, Origin::Adopted);
    EXPECT_EQ(record(uuid).types(), NamespaceTypes::all());
    EXPECT_EQ(record(uuid).labels.at("k"), "v");
    EXPECT_EQ(record(uuid).controlGroup, "");
    EXPECT_EQ(namespaces_->open(uuid, {}).size(), 8U);
    EXPECT_EQ(events_.seen, std::vector<std::string>{"added box"});
    EXPECT_FALSE(called("make"));
    EXPECT_FALSE(called("settleInit"));
    expectNoLeftovers();
}

TEST_F(Adoption, SurvivesTheDaemonAsItWas) {
    makeForeign(NamespaceType::User);
    makeForeign(NamespaceType::Pid);
    const auto uuid = adopt("box", user);
    const auto before = writeMeta(record(uuid), "x");
    EXPECT_TRUE(restart().empty());
    EXPECT_EQ(writeMeta(record(uuid), "x"), before);
    EXPECT_EQ(record(uuid).state, State::Ready);
    EXPECT_EQ(record(uuid).origin, Origin::Adopted);
}

TEST_F(Adoption, RecordsWhatIsForeignAndWhoseItIs) {
    make(NamespaceType::Net);
    makeForeign(NamespaceType::User);
    makeForeign(NamespaceType::Mnt);
    const auto uuid = adopt("box");
    EXPECT_FALSE(isForeign(record(uuid), NamespaceType::Net));
    EXPECT_TRUE(isForeign(record(uuid), NamespaceType::User));
    EXPECT_TRUE(isForeign(record(uuid), NamespaceType::Mnt));
    EXPECT_FALSE(isForeign(record(uuid), NamespaceType::Uts));
    EXPECT_EQ(record(uuid).userNamespaceOwner, user);
}

TEST_F(Adoption, IsTheRightOfHimWhoseUserNamespaceOwnsAll) {
    makeForeign(NamespaceType::Net);
    makeForeign(NamespaceType::Uts);
    EXPECT_EQ(namespaces_->inspect(theirs_).rightfulOwner, user);
    makeForeign(NamespaceType::Ipc, 1001);
    EXPECT_EQ(namespaces_->inspect(theirs_).rightfulOwner, std::nullopt);
    theirs_.erase(NamespaceType::Ipc);
    make(NamespaceType::Ipc); // the initial user namespace's
    EXPECT_EQ(namespaces_->inspect(theirs_).rightfulOwner, std::nullopt);
    // In a container the host's user namespace is somebody's, too.
    theirs_.clear();
    kernel_.answerOwnership(make(NamespaceType::Net).get(),
        {.ofHost = false, .user = {NamespaceType::User, 4, 1, 0}, .foreign = false, .owner = user});
    EXPECT_EQ(namespaces_->inspect(theirs_).rightfulOwner, std::nullopt);
}

TEST_F(Adoption, OfTheHostsOwnIsRefused) {
    for (const auto type : allNamespaceTypes) {
        theirs_.clear();
        kernel_.answerOwnership(make(type).get(), {.ofHost = true, .user = {}});
        const auto text = textOf([&] { adopt("box"); });
        EXPECT_NE(text.find("host's own " + std::string(toWord(type))), std::string::npos) << text;
    }
    EXPECT_EQ(namespaces_->count(), 0U);
    expectNoLeftovers();
}

TEST_F(Adoption, OfAWrongDescriptorIsRefused) {
    theirs_[NamespaceType::Net].reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(codeOf([&] { adopt("box"); }), "WrongFd");
    theirs_[NamespaceType::Net] = kernel_.foreignNamespace(NamespaceType::Uts);
    EXPECT_EQ(codeOf([&] { adopt("box"); }), "WrongFd");
    theirs_.clear();
    EXPECT_EQ(codeOf([&] { adopt("box"); }), "InvalidArgument");
    expectNoLeftovers();
}

TEST_F(Adoption, OfWhatHasANameSaysWhich) {
    make(NamespaceType::Net);
    adopt("first");
    const auto text = textOf([&] { adopt("second"); });
    EXPECT_NE(text.find("\"first\""), std::string::npos) << text;
    EXPECT_EQ(codeOf([&] { adopt("second"); }), "NameExists");
    EXPECT_EQ(namespaces_->count(), 1U);
    expectNoLeftovers();
}

TEST_F(Adoption, OfTheSameTwiceAtATimeNamesItOnce) {
    make(NamespaceType::Net);
    std::vector<std::string> codes;
    for (const auto* name : {"first", "second"})
        namespaces_->adopt(theRequest(name), [&](const Outcome<Uuid>& outcome) {
            codes.push_back(outcome.ok() ? "" : std::string(toWord(outcome.error().code())));
        });
    loop_.settle();
    EXPECT_EQ(codes, (std::vector<std::string>{"", "NameExists"}));
    expectNoLeftovers();
}

TEST_F(Adoption, UnderATakenNameIsRefusedAndRetiresWhatWasBrought) {
    create("box");
    make(NamespaceType::Net);
    EXPECT_EQ(codeOf([&] { adopt("box"); }), "NameExists");
    EXPECT_TRUE(called("retire net"));
}

TEST_F(Adoption, ThatIsUnderWayAtTheEndRetiresWhatWasBrought) {
    make(NamespaceType::Mnt);
    namespaces_->adopt(theRequest("box"), [](const Outcome<Uuid>&) {});
    namespaces_.reset();
    EXPECT_TRUE(called("retire mnt"));
}

TEST_F(Adoption, RetiresNothingOfWhatItHasPinned) {
    make(NamespaceType::Mnt);
    adopt("box");
    EXPECT_FALSE(called("retire mnt"));
}

// Each may be the last reference, and dropping that one may take for ever.
TEST_F(Adoption, WhatSomebodyBroughtIsRetiredUnlessItIsTaken) {
    make(NamespaceType::Mnt);
    make(NamespaceType::Net);
    {
        BroughtNamespaces brought(kernel_);
        for (const auto& [type, fd] : theirs_)
            brought.add(type, fd.duplicate());
        brought.add(NamespaceType::Ipc, UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC)));
        const BroughtNamespaces moved(std::move(brought));
        EXPECT_FALSE(called("retire net"));
    }
    EXPECT_TRUE(called("retire mnt"));
    EXPECT_TRUE(called("retire net"));
    kernel_.forgetCalls();
    {
        BroughtNamespaces brought(kernel_);
        brought.add(NamespaceType::Net, theirs_.at(NamespaceType::Net).duplicate());
        EXPECT_EQ(brought.take().size(), 1U);
    }
    EXPECT_FALSE(called("retire net"));
}

TEST_F(Adoption, WithTheSameRequestIdIsTheSame) {
    make(NamespaceType::Net);
    auto first = theRequest("box");
    first.request.requestId = "r";
    auto again = theRequest("box");
    again.request.requestId = "r";
    const auto uuid = adopt(std::move(first));
    EXPECT_EQ(adopt(std::move(again)), uuid);
    make(NamespaceType::Net); // another one
    auto other = theRequest("box");
    other.request.requestId = "r";
    EXPECT_EQ(codeOf([&] { adopt(std::move(other)); }), "InvalidArgument");
}

TEST_F(Adoption, OfAForeignMntNeedsItsOwnUserNamespace) {
    makeForeign(NamespaceType::User, user, 77);
    makeForeign(NamespaceType::Mnt, user, 78);
    EXPECT_EQ(codeOf([&] { adopt("box"); }), "InvalidArgument");
    makeForeign(NamespaceType::Mnt, user, 77);
    adopt("box");
}

TEST_F(Adoption, OfADeadPidNamespaceIsRefused) {
    kernel_.killInit(kernel_.identify(make(NamespaceType::Pid).get()).inode);
    EXPECT_EQ(codeOf([&] { adopt("box"); }), "Degraded");
    expectNoLeftovers();
}

TEST_F(Adoption, IsDegradedWhenItsProcess1Dies) {
    const auto uuid = [&] {
        make(NamespaceType::Pid);
        return adopt("box");
    }();
    kernel_.killInit(inode(uuid, NamespaceType::Pid));
    loop_.settle();
    EXPECT_EQ(record(uuid).state, State::Degraded);
}

// Its process 1 is not nsd-init: nobody told it what SIGTERM means, and it is somebody's work.
TEST_F(Adoption, ItsProcess1IsNotEndedByDestroy) {
    make(NamespaceType::Pid);
    for (const bool force : {false, true}) {
        const auto uuid = adopt("box");
        kernel_.forgetCalls();
        destroy(uuid, {.force = force});
        EXPECT_FALSE(called("endInit")) << force;
        EXPECT_FALSE(called("lingerInit")) << force;
        EXPECT_EQ(called("killMembers"), force);
        EXPECT_EQ(kernel_.livingInits(), 1U); // the fake kills no members
    }
    expectNoLeftovers();
}

TEST_F(Adoption, ThatFailsAnywhereLeavesNothingAndEndsNobody) {
    for (const int error : {EMFILE, ENOSPC}) {
        for (unsigned step = 0;; ++step) {
            theirs_.clear();
            for (const auto type : {NamespaceType::Net, NamespaceType::Pid, NamespaceType::User})
                make(type);
            kernel_.failAt(step, error);
            const auto code = codeOf([&] { adopt("box"); });
            EXPECT_FALSE(called("endInit"));
            if (!kernel_.failed()) {
                EXPECT_EQ(code, "none");
                kernel_.failAt(1000);
                const Uuid uuid = namespaces_->find(Name("box")).uuid; // not the record's, which goes
                destroy(uuid);
                break;
            }
            EXPECT_NE(code, "none") << step;
            EXPECT_EQ(namespaces_->count(), 0U) << step;
            expectNoLeftovers();
            // Whoever was there is there still.
            EXPECT_TRUE(kernel_.findInit(theirs_.at(NamespaceType::Pid).get(), 0)) << step;
        }
    }
}

TEST_F(Adoption, WhoseProcess1CannotBeWatchedLeavesNothingAndEndsNobody) {
    make(NamespaceType::Pid);
    loop_.refuseWatches();
    EXPECT_EQ(codeOf([&] { adopt("box"); }), "LimitExceeded");
    EXPECT_EQ(namespaces_->count(), 0U);
    EXPECT_TRUE(entries().empty());
    expectNoLeftovers();
    EXPECT_EQ(kernel_.livingInits(), 1U);
    loop_.refuseWatches(false);
    adopt("box");
}

TEST_F(Adoption, OfATooOldMntSaysWhatIsWrong) {
    make(NamespaceType::Mnt);
    kernel_.refuseMntBinds(1);
    const auto text = textOf([&] { adopt("box"); });
    EXPECT_NE(text.find("younger"), std::string::npos) << text;
    expectNoLeftovers();
}

// A daemon that is killed in the middle of it.
TEST_F(Adoption, LeftHalfDoneIsUndoneWithoutEndingAnybody) {
    make(NamespaceType::Net);
    make(NamespaceType::Pid);
    for (const std::string area : {".stage", ".trash"}) {
        for (const bool withMeta : {true, false}) {
            const auto uuid = adopt("box");
            if (!withMeta)
                std::filesystem::remove(pins() / "box" / "meta");
            std::filesystem::rename(pins() / "box", pins() / area / uuid.str());
            kernel_.forgetCalls();
            EXPECT_TRUE(restart().empty());
            EXPECT_FALSE(called("endInit")) << area << withMeta;
            EXPECT_FALSE(called("lingerInit")) << area << withMeta;
            expectNoLeftovers();
        }
    }
}

TEST_F(Adoption, HasOptionsThatCreateHas) {
    make(NamespaceType::Net);
    auto request = theRequest("box");
    request.request.ttl = std::chrono::seconds(60);
    request.request.spec.owner = user;
    const auto uuid = adopt(std::move(request));
    EXPECT_EQ(record(uuid).owner, user);
    EXPECT_EQ(record(uuid).lifetime, Lifetime::Ttl);
    loop_.advance(std::chrono::seconds(61));
    loop_.settle();
    EXPECT_EQ(namespaces_->count(), 0U);
}

TEST_F(Adoption, MetaWithAForeignTypeThatIsNotThereIsRefused) {
    make(NamespaceType::Net);
    auto broken = record(adopt("box"));
    broken.foreign = {NamespaceType::Mnt};
    EXPECT_EQ(
        codeOf([&] { static_cast<void>(readMeta(writeMeta(broken, "x"), Name("box"))); }), "InvalidArgument");
}

} // namespace
} // namespace nsd::test
