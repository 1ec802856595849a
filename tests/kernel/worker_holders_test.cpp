// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/linux_numbers.hpp"
#include "tests/kernel/holders_fixture.hpp"
#include "tests/support/mount_table.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <thread>
#include <unistd.h>

namespace nsd::test {
namespace {

TEST_F(Holders, OfWhatNobodyHoldsAreNone) {
    const auto made = make({NamespaceType::Net, NamespaceType::Uts, NamespaceType::Mnt});
    EXPECT_TRUE(holders(made).empty());
}

TEST_F(Holders, AProcess) {
    for (const auto type : {NamespaceType::Cgroup, NamespaceType::Ipc, NamespaceType::Mnt, NamespaceType::Net,
             NamespaceType::User, NamespaceType::Uts}) {
        const auto made = make({type});
        const Sleeper sleeper(made, {type});
        const auto homes = ofKind(holders(made), "process");
        expectOne(homes, "process", sleeper.pid(), toWord(type));
        EXPECT_EQ(homes.at(0).comm, readFile("/proc/self/comm").substr(0, homes.at(0).comm.size()));
        EXPECT_EQ(homes.at(0).uid, 0U);
    }
}

TEST_F(Holders, AThread) {
    const auto made = make({NamespaceType::Net});
    const int fd = made.fd(NamespaceType::Net);
    const Sleeper threaded(made, {}, [fd] {
        std::thread([fd] {
            static_cast<void>(::setns(fd, CLONE_NEWNET));
            for (;;)
                ::pause();
        }).detach();
    });
    ASSERT_TRUE(eventually([&] { return !ofKind(holders(made), "thread").empty(); }));
    const auto found = ofKind(holders(made), "thread");
    expectOne(found, "thread", threaded.pid(), "net");
    expectIn(found.at(0).detail, "thread ");
    EXPECT_EQ(found.at(0).detail.find(std::to_string(threaded.pid())), std::string::npos)
        << "not the first thread: " << found.at(0).detail;
}

TEST_F(Holders, ManyThreadsAreOneRow) {
    const auto made = make({NamespaceType::Uts});
    const int fd = made.fd(NamespaceType::Uts);
    constexpr int count = 20;
    const Sleeper threaded(made, {}, [fd] {
        for (int i = 0; i < count; ++i)
            std::thread([fd] {
                static_cast<void>(::setns(fd, CLONE_NEWUTS));
                for (;;)
                    ::pause();
            }).detach();
    });
    ASSERT_TRUE(eventually([&] {
        const auto found = ofKind(holders(made), "thread");
        return !found.empty() && found[0].detail.ends_with(" and 12 more");
    }));
    expectOne(ofKind(holders(made), "thread"), "thread", threaded.pid(), "uts");
}

TEST_F(Holders, AProcessThatHasEndedAndWasNotReaped) {
    const auto made = make({NamespaceType::User, NamespaceType::Uts});
    const Sleeper parent(made, {}, [&made] {
        if (const auto child = ::fork(); child == 0) {
            static_cast<void>(::setns(made.fd(NamespaceType::Uts), CLONE_NEWUTS));
            static_cast<void>(::setns(made.fd(NamespaceType::User), CLONE_NEWUSER));
            ::_exit(0);
        }
    });
    ASSERT_TRUE(eventually([&] { return !ofKind(holders(made), "zombie").empty(); }));
    const auto found = ofKind(holders(made), "zombie");
    ASSERT_EQ(found.size(), 1U) << "of uts it holds nothing";
    EXPECT_EQ(found[0].type, "user");
    expectIn(found[0].detail, "its parent, process " + std::to_string(parent.pid()));
}

TEST_F(Holders, TheInit) {
    const auto made = make({NamespaceType::Pid});
    const auto found = holders(made);
    expectOne(found, "init", made.initPid, "pid");
    EXPECT_EQ(found.at(0).comm, "nsd-init");
}

TEST_F(Holders, AProcessWhoseChildrenGoThere) {
    const auto made = make({NamespaceType::Pid});
    const Sleeper sleeper(made, {NamespaceType::Pid});
    expectOne(ofKind(holders(made), "children"), "children", sleeper.joinerPid(), "pid");
    expectOne(ofKind(holders(made), "process"), "process", sleeper.pid(), "pid");
}

TEST_F(Holders, AProcessWhoseChildrenGoToATimeNamespace) {
    const auto made = make({NamespaceType::Time});
    // unshare(2) alone leaves the caller outside.
    const Sleeper unsharer(made, {}, [] {
        if (::unshare(cloneFlag(NamespaceType::Time)) != 0)
            throw kernelError("unshare", "time", errno);
    });
    const auto file = "/proc/" + std::to_string(unsharer.pid()) + "/ns/time_for_children";
    const UniqueFd its(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    expectOne(holders({{identifyNamespace(its.get())}}), "children", unsharer.pid(), "time");
}

TEST_F(Holders, AThreadWhoseChildrenGoThere) {
    const auto made = make({NamespaceType::Pid});
    const int fd = made.fd(NamespaceType::Pid);
    const Sleeper threaded(made, {}, [fd] {
        std::thread([fd] {
            static_cast<void>(::setns(fd, CLONE_NEWPID));
            for (;;)
                ::pause();
        }).detach();
    });
    ASSERT_TRUE(eventually([&] { return !ofKind(holders(made), "children").empty(); }));
    const auto found = ofKind(holders(made), "children");
    expectOne(found, "children", threaded.pid(), "pid");
    expectIn(found[0].detail, "children of thread ");
}

TEST_F(Holders, AMountElsewhereOncePerMountNamespace) {
    const auto made = make({NamespaceType::Net});
    const auto elsewhere = make({NamespaceType::Mnt});
    const TempDir directory;
    const auto file = directory / "a b";
    const auto bind = [&] {
        UniqueFd(::open(file.c_str(), O_CREAT | O_CLOEXEC, 0600)).reset();
        const auto source = "/proc/self/fd/" + std::to_string(made.fd(NamespaceType::Net));
        if (::mount(source.c_str(), file.c_str(), nullptr, MS_BIND, nullptr) != 0)
            throw kernelError("bind", file.string(), errno);
    };
    const Sleeper one(elsewhere, {NamespaceType::Mnt}, bind);
    const Sleeper two(elsewhere, {NamespaceType::Mnt});
    const auto found = ofKind(holders(made), "mount");
    expectOne(found, "mount", std::min(one.pid(), two.pid()), "net");
    EXPECT_NE(found.at(0).detail.find("mounted at " + file.string()), std::string::npos)
        << found.at(0).detail;
}

TEST_F(Holders, APinIsNoForeignMount) {
    const auto made = make({NamespaceType::Net});
    const PinDirectory directory;
    const BoundFile pin(made.fd(NamespaceType::Net), directory / "net");
    // Its mount namespace has a copy of the pin.
    const Sleeper copied(made, {}, [] {
        if (::unshare(CLONE_NEWNS) != 0)
            throw kernelError("unshare", "mnt", errno);
    });
    auto found = holders(made);
    std::erase_if(found, [](const Holder& holder) { return holder.kind == "fd"; });
    expectOne(found, "pin", 0, "net");
    EXPECT_EQ(found.at(0).detail, "mounted at " + pin.path());
}

TEST_F(Holders, AMountWhereNobodyLives) {
    const auto made = make({NamespaceType::Net});
    const auto elsewhere = make({NamespaceType::Mnt});
    linux_numbers::MountNamespaceInfo info{};
    const UniqueFd neighbour(::ioctl(elsewhere.fd(NamespaceType::Mnt), linux_numbers::nsMntGetPrev, &info));
    if (!neighbour)
        GTEST_SKIP() << "before Linux 6.12 the kernel does not say which mount namespaces there are";
    const TempDir directory;
    const auto file = (directory / "net").string();
    EXPECT_EQ(inside(elsewhere, {NamespaceType::Mnt},
                  [&] {
                      static_cast<void>(new BoundFile(made.fd(NamespaceType::Net), file)); // stays
                      return std::string("bound");
                  }),
        "bound");
    const auto found = holders(made);
    expectOne(found, "mount", 0, "net");
    expectIn(found[0].detail, "mounted at " + file + " in mnt:[");
    EXPECT_TRUE(found[0].detail.ends_with("], where nobody lives")) << found[0].detail;
    EXPECT_EQ(found[0].uid, 4294967295U) << "root alone is shown it";
}

TEST_F(Holders, WhatLooksLikeAPinInAnotherMountNamespaceIsNone) {
    const auto made = make({NamespaceType::Net});
    const TempDir directory;
    const auto path = directory.path().string();
    const Sleeper imitator(made, {}, [&made, &directory, path] {
        if (::unshare(CLONE_NEWNS) != 0 ||
            ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
            ::mount("nsd", path.c_str(), "tmpfs", 0, nullptr) != 0 ||
            ::mount(nullptr, path.c_str(), nullptr, MS_UNBINDABLE, nullptr) != 0)
            throw kernelError("mount", path, errno);
        static_cast<void>(new BoundFile(made.fd(NamespaceType::Net), directory / "net")); // stays
    });
    EXPECT_TRUE(ofKind(holders(made), "pin").empty());
    expectOne(ofKind(holders(made), "mount"), "mount", imitator.pid(), "net");
}

TEST_F(Holders, APublishedNameIsAPin) {
    const auto made = make({NamespaceType::Net});
    const TempDir directory;
    const BoundFile published(made.fd(NamespaceType::Net), directory / "web");
    expectOne(ofKind(holders(made), "mount"), "mount", ::getpid(), "net");
    const auto found = holders(HolderQuery{made.identities(), {}, {published.path()}});
    expectOne(found, "pin", 0, "net");
}

TEST_F(Holders, ANamespaceBelow) {
    const auto made = make({NamespaceType::User});
    const Sleeper below(made, {NamespaceType::User}, [] {
        if (::unshare(CLONE_NEWUSER) != 0)
            throw kernelError("unshare", "user", errno);
    });
    const auto found = ofKind(holders(made), "namespace");
    expectOne(found, "namespace", below.pid(), "user");
    EXPECT_NE(found.at(0).detail.find("user:["), std::string::npos) << found.at(0).detail;
}

TEST_F(Holders, ANamespaceThatAUserNamespaceOwns) {
    const auto made = make({NamespaceType::User});
    const Sleeper below(made, {NamespaceType::User}, [] {
        if (::unshare(CLONE_NEWUTS) != 0)
            throw kernelError("unshare", "uts", errno);
    });
    const auto found = ofKind(holders(made), "namespace");
    expectOne(found, "namespace", below.pid(), "user");
    EXPECT_NE(found.at(0).detail.find("uts:["), std::string::npos) << found.at(0).detail;
}

// Who joins another user namespace's pid namespace lives in that, and not below the owner.
TEST_F(Holders, APidNamespaceThatAUserNamespaceOwns) {
    const auto made = make({NamespaceType::User});
    const auto owned = make({NamespaceType::User, NamespaceType::Pid});
    const Sleeper member(owned, {NamespaceType::Pid});
    const auto found = ofKind(holders({{identifyNamespace(owned.fd(NamespaceType::User))}}), "namespace");
    ASSERT_FALSE(found.empty());
    EXPECT_TRUE(std::any_of(found.begin(), found.end(), [](const Holder& holder) {
        return holder.detail.starts_with("lives in pid:[") &&
               holder.detail.ends_with(", which belongs to it");
    }));
    EXPECT_TRUE(ofKind(holders(made), "namespace").empty());
}

TEST_F(Holders, APinOfANamespaceThatAUserNamespaceOwns) {
    const auto made = make({NamespaceType::User, NamespaceType::Net});
    const PinDirectory directory;
    const BoundFile pin(made.fd(NamespaceType::Net), directory / "net");
    const auto found = holders({{identifyNamespace(made.fd(NamespaceType::User))}});
    expectOne(found, "namespace", 0, "user");
    expectIn(found[0].detail, "net:[");
    expectIn(found[0].detail, "], mounted at " + pin.path() + ", belongs to it");
}

TEST_F(Holders, TheTypesOfOneNamespaceDoNotHoldEachOther) {
    const auto made = make({NamespaceType::User, NamespaceType::Uts});
    const Sleeper member(made, {NamespaceType::User, NamespaceType::Uts});
    EXPECT_TRUE(ofKind(holders(made), "namespace").empty());
}

TEST_F(Holders, OfANamespaceThatIsGoneAreNoneThoughAnotherHasItsInode) {
    const auto made = make({NamespaceType::Uts});
    const Sleeper member(made, {NamespaceType::Uts});
    auto identity = made.identities().at(0);
    if (identity.id != 0)
        identity.id += 1'000'000;
    else // before Linux 6.18 the inode is all that there is
        identity.inode = 1;
    EXPECT_TRUE(holders({{identity}}).empty());
}

} // namespace
} // namespace nsd::test
