// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/kernel/worker_process.hpp"
#include "tests/support/leak_oracle.hpp"
#include "tests/support/mount_table.hpp"
#include "tests/support/process_table.hpp"
#include "tests/support/require.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd::test {
namespace {

NamespaceSpec specOf(NamespaceTypes types) {
    NamespaceSpec spec;
    spec.types = types;
    return spec;
}

class EachType : public testing::TestWithParam<NamespaceType> {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }
};

TEST_P(EachType, IsMadeAlone) {
    WorkerProcess worker;
    const auto type = GetParam();
    const auto made = worker.make(specOf({type}));
    ASSERT_EQ(made.fds.size(), 1U);
    const auto identity = identifyNamespace(made.fd(type));
    EXPECT_EQ(identity.type, type);
    EXPECT_FALSE(identity.sameAs(ownNamespace(std::string(toWord(type)))));
}

TEST_P(EachType, IsAnotherOneEachTime) {
    WorkerProcess worker;
    const auto type = GetParam();
    const auto first = worker.make(specOf({type}));
    const auto second = worker.make(specOf({type}));
    EXPECT_FALSE(identifyNamespace(first.fd(type)).sameAs(identifyNamespace(second.fd(type))));
}

TEST_P(EachType, LeavesTheWorkerWhereItWas) {
    WorkerProcess worker;
    const auto made = worker.make(specOf({GetParam()}));
    for (const auto type : allNamespaceTypes) {
        if (type == NamespaceType::Mnt)
            continue; // the base one
        const std::string file(procFileAfterUnshare(type));
        const UniqueFd its(::open(("/proc/" + std::to_string(worker.process().pid()) + "/ns/" + file).c_str(),
            O_RDONLY | O_CLOEXEC));
        EXPECT_TRUE(identifyNamespace(its.get()).sameAs(ownNamespace(file))) << file;
    }
}

INSTANTIATE_TEST_SUITE_P(Maker, EachType, testing::ValuesIn(allNamespaceTypes),
    [](const auto& each) { return std::string(toWord(each.param)); });

class Combinations : public testing::Test {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }
};

TEST_F(Combinations, EveryPairIsMade) {
    WorkerProcess worker;
    for (const auto one : allNamespaceTypes)
        for (const auto other : allNamespaceTypes) {
            const NamespaceTypes types{one, other};
            EXPECT_EQ(worker.make(specOf(types)).fds.size(), types.size()) << describe(types);
        }
}

TEST_F(Combinations, AllEightAreMadeAndEntered) {
    WorkerProcess worker;
    const auto made = worker.make(specOf(NamespaceTypes::all()));
    ASSERT_EQ(made.fds.size(), 8U);
    const auto links = inside(made, NamespaceTypes::all(), [] {
        std::string text;
        for (const auto type : allNamespaceTypes)
            text += std::to_string(ownNamespace(std::string(toWord(type))).inode) + ' ';
        return text;
    });
    std::string expected;
    for (const auto type : allNamespaceTypes)
        expected += std::to_string(identifyNamespace(made.fd(type)).inode) + ' ';
    EXPECT_EQ(links, expected);
}

TEST_F(Combinations, UserOwnsTheRest) {
    WorkerProcess worker;
    const auto made = worker.make(specOf(NamespaceTypes::all()));
    const auto user = identifyNamespace(made.fd(NamespaceType::User));
    for (const auto& [type, fd] : made.fds) {
        if (type == NamespaceType::User)
            continue;
        const UniqueFd owner(::ioctl(fd.get(), NS_GET_USERNS));
        ASSERT_TRUE(owner.valid()) << toWord(type);
        EXPECT_TRUE(identifyNamespace(owner.get()).sameAs(user)) << toWord(type);
    }
}

TEST_F(Combinations, WithoutUserTheHostOwnsThem) {
    WorkerProcess worker;
    auto types = NamespaceTypes::all();
    types.erase(NamespaceType::User);
    const auto made = worker.make(specOf(types));
    for (const auto& [type, fd] : made.fds) {
        const UniqueFd owner(::ioctl(fd.get(), NS_GET_USERNS));
        EXPECT_TRUE(identifyNamespace(owner.get()).sameAs(ownNamespace("user"))) << toWord(type);
    }
}

TEST_F(Combinations, NoTypeIsAnError) {
    WorkerProcess worker;
    EXPECT_NE(errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(worker.make({})); }).find("no type"),
        std::string::npos);
}

TEST_F(Combinations, EndWithTheirDescriptors) {
    LeakOracle oracle;
    {
        WorkerProcess worker;
        {
            const auto made = worker.make(specOf(NamespaceTypes::all()));
            for (const auto& [type, fd] : made.fds)
                oracle.mustDie("/proc/self/fd/" + std::to_string(fd.get()));
        }
        EXPECT_TRUE(eventually([&] {
            reapOrphans();
            return descendantsOf(worker.process().pid()).empty();
        }));
    }
    EXPECT_TRUE(oracle.clean());
}

TEST_F(Combinations, TheMakerAndItsHelpersAreReaped) {
    WorkerProcess worker;
    auto spec = specOf(NamespaceTypes::all());
    spec.sysctls = {{"net.ipv4.ip_forward", "1"}};
    const auto made = worker.make(spec);
    EXPECT_TRUE(descendantsOf(worker.process().pid()).empty());
}

TEST_F(Combinations, TheMakersLivedInTheControlGroup) {
    WorkerProcess worker;
    std::string root;
    for (const auto& mount : MountTable::read("self").ofType("cgroup2"))
        root = mount.point;
    NSD_REQUIRE(!root.empty(), "a mounted cgroup2");
    const auto name = "nsd-test-" + std::to_string(::getpid());
    const auto path = root + '/' + name;
    ASSERT_EQ(::mkdir(path.c_str(), 0755), 0);
    {
        const UniqueFd group(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
        const auto made = worker.make(specOf({NamespaceType::Cgroup, NamespaceType::Pid}), 0, group.get());
        // Seen from inside, what was the maker's control group is the root.
        const auto seen = inside(made, {NamespaceType::Cgroup}, [] { return readFile("/proc/1/cgroup"); });
        EXPECT_NE(seen.find("0::/.."), std::string::npos) << seen;
        const auto init = readFile("/proc/" + std::to_string(made.initPid) + "/cgroup");
        EXPECT_NE(init.find("0::/" + name), std::string::npos) << init;
    }
    EXPECT_TRUE(eventually([&] {
        reapOrphans();
        return ::rmdir(path.c_str()) == 0;
    }));
}

} // namespace
} // namespace nsd::test
