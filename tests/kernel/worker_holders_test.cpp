// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/kernel/worker_process.hpp"
#include "tests/support/mount_table.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"

#include <algorithm>
#include <cstdint>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <thread>
#include <unistd.h>

namespace nsd::test {
namespace {

using namespace protocol;

class Holders : public testing::Test {
  protected:
    void SetUp() override {
        NSD_REQUIRE_ROOT();
        adoptOrphans();
    }
    void TearDown() override { reapOrphans(); }

    MadeByWorker make(NamespaceTypes types) {
        NamespaceSpec spec;
        spec.types = types;
        return worker_.make(spec);
    }
    // Without the test itself, which holds the descriptors.
    std::vector<Holder> holders(const std::vector<NamespaceIdentity>& namespaces) {
        return worker_.askFor<HoldersReply>(HoldersRequest{namespaces, {::getpid()}}).holders;
    }
    std::vector<Holder> holders(const MadeByWorker& made) { return holders(made.identities()); }
    static std::vector<Holder> ofKind(std::vector<Holder> all, const std::string& kind) {
        std::erase_if(all, [&](const Holder& holder) { return holder.kind != kind; });
        return all;
    }

  private:
    WorkerProcess worker_;
};

void expectOne(const std::vector<Holder>& found, const std::string& kind, pid_t pid, std::string_view type) {
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].kind, kind);
    EXPECT_EQ(found[0].pid, static_cast<std::uint32_t>(pid));
    EXPECT_EQ(found[0].type, type);
}

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
    ASSERT_TRUE(eventually([&] { return !ofKind(holders(made), "process").empty(); }));
    const auto found = ofKind(holders(made), "process");
    expectOne(found, "process", threaded.pid(), "net");
    EXPECT_NE(found.at(0).detail.find("thread"), std::string::npos);
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
    expectOne(holders({identifyNamespace(its.get())}), "children", unsharer.pid(), "time");
}

TEST_F(Holders, AnOpenDescriptor) {
    const auto made = make({NamespaceType::Net});
    CommandOptions options;
    options.descriptors[7] = made.fd(NamespaceType::Net);
    const BackgroundProcess cat({"sleep", "1000"}, options);
    ASSERT_TRUE(eventually([&] { return !holders(made).empty() && holders(made)[0].comm == "sleep"; }));
    const auto found = holders(made);
    expectOne(found, "fd", cat.pid(), "net");
    EXPECT_EQ(found.at(0).detail, "fd 7");
}

// A pin, or somebody's own mount.
class BoundFile {
  public:
    BoundFile(const MadeByWorker& made, NamespaceType type, std::filesystem::path file)
        : file_(std::move(file)) {
        UniqueFd(::open(file_.c_str(), O_CREAT | O_CLOEXEC, 0600)).reset();
        const auto source = "/proc/self/fd/" + std::to_string(made.fd(type));
        if (::mount(source.c_str(), file_.c_str(), nullptr, MS_BIND, nullptr) != 0)
            throw kernelError("bind", file_.string(), errno);
    }
    ~BoundFile() {
        ::umount2(file_.c_str(), MNT_DETACH);
        ::unlink(file_.c_str());
    }
    BoundFile(const BoundFile&) = delete;
    BoundFile& operator=(const BoundFile&) = delete;
    [[nodiscard]] std::string path() const { return file_.string(); }

  private:
    std::filesystem::path file_;
};

TEST_F(Holders, ADescriptorOpenedThroughAMount) {
    const auto made = make({NamespaceType::Net});
    const TempDir directory;
    const BoundFile file(made, NamespaceType::Net, directory / "net");
    const UniqueFd opened(::open(file.path().c_str(), O_RDONLY | O_CLOEXEC));
    CommandOptions options;
    options.descriptors[9] = opened.get();
    const BackgroundProcess holder({"sleep", "1000"}, options);
    ASSERT_TRUE(
        eventually([&] { return readFile("/proc/" + std::to_string(holder.pid()) + "/comm") == "sleep\n"; }));
    expectOne(ofKind(holders(made), "fd"), "fd", holder.pid(), "net");
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
    const TempDir directory;
    ASSERT_EQ(::mount("nsd", directory.path().c_str(), "tmpfs", 0, nullptr), 0);
    ASSERT_EQ(::mount(nullptr, directory.path().c_str(), nullptr, MS_UNBINDABLE, nullptr), 0);
    const BoundFile pin(made, NamespaceType::Net, directory / "net");
    const auto found = holders(made);
    expectOne(found, "pin", 0, "net");
    EXPECT_EQ(found.at(0).detail, "mounted at " + pin.path());
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
    EXPECT_TRUE(holders({identity}).empty());
}

} // namespace
} // namespace nsd::test
