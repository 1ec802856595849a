// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/kernel/worker_process.hpp"
#include "tests/support/require.hpp"

#include <cstdint>
#include <grp.h>
#include <gtest/gtest.h>
#include <linux/nsfs.h>
#include <sstream>
#include <sys/ioctl.h>
#include <unistd.h>

namespace nsd::test {
namespace {

constexpr uid_t someOwner = 54321; // nobody's on any host

class Maps : public testing::Test {
  protected:
    void SetUp() override { NSD_REQUIRE_ROOT(); }
    static NamespaceSpec userSpec() {
        NamespaceSpec spec;
        spec.types = {NamespaceType::User};
        return spec;
    }
};

// The file as seen from inside, with single spaces: "0 0 65536".
std::string fileInside(const MadeByWorker& made, const std::string& path) {
    std::istringstream words(inside(made, {NamespaceType::User}, [&] { return readFile(path); }));
    std::string text;
    for (std::string word; words >> word;)
        text += text.empty() ? word : ' ' + word;
    return text;
}

uid_t ownerOf(const MadeByWorker& made) {
    uid_t owner = 0;
    EXPECT_EQ(::ioctl(made.fd(NamespaceType::User), NS_GET_OWNER_UID, &owner), 0);
    return owner;
}

TEST_F(Maps, MadeByRootAreTheIdsOntoThemselves) {
    WorkerProcess worker;
    const auto made = worker.make(userSpec());
    EXPECT_EQ(fileInside(made, "/proc/self/uid_map"), "0 0 65536");
    EXPECT_EQ(fileInside(made, "/proc/self/gid_map"), "0 0 65536");
    EXPECT_EQ(fileInside(made, "/proc/self/setgroups"), "allow");
    EXPECT_EQ(ownerOf(made), 0U);
}

TEST_F(Maps, OfAnOwnerAreHisOwnIdsOntoThemselves) {
    WorkerProcess worker;
    auto spec = userSpec();
    spec.owner = someOwner;
    const auto made = worker.make(spec);
    EXPECT_EQ(fileInside(made, "/proc/self/uid_map"), "54321 54321 1");
    EXPECT_EQ(fileInside(made, "/proc/self/gid_map"), "54321 54321 1");
    EXPECT_EQ(ownerOf(made), someOwner);
}

TEST_F(Maps, OfAnOwnerHaveHisPrimaryGroup) {
    WorkerProcess worker;
    auto spec = userSpec();
    spec.owner = someOwner;
    spec.ownerGroup = 54300;
    EXPECT_EQ(fileInside(worker.make(spec), "/proc/self/gid_map"), "54300 54300 1");
}

TEST_F(Maps, OfAnOwnerDenySetgroups) {
    WorkerProcess worker;
    auto spec = userSpec();
    spec.owner = someOwner;
    EXPECT_EQ(fileInside(worker.make(spec), "/proc/self/setgroups"), "deny");
    spec.gidMap = {{0, 100000, 10}};
    EXPECT_EQ(fileInside(worker.make(spec), "/proc/self/setgroups"), "deny");
    spec.ownerMaySetGroups = true;
    EXPECT_EQ(fileInside(worker.make(spec), "/proc/self/setgroups"), "allow");
}

TEST_F(Maps, RootMapsOntoTheOwner) {
    WorkerProcess worker;
    auto spec = userSpec();
    spec.owner = someOwner;
    spec.mapRoot = true;
    const auto made = worker.make(spec);
    EXPECT_EQ(fileInside(made, "/proc/self/uid_map"), "0 54321 1");
    EXPECT_EQ(fileInside(made, "/proc/self/gid_map"), "0 54321 1");
    EXPECT_EQ(ownerOf(made), someOwner);
}

TEST_F(Maps, RootMapsOntoRootWithoutAnOwner) {
    WorkerProcess worker;
    auto spec = userSpec();
    spec.mapRoot = true;
    const auto made = worker.make(spec);
    EXPECT_EQ(fileInside(made, "/proc/self/uid_map"), "0 0 1");
    EXPECT_EQ(fileInside(made, "/proc/self/setgroups"), "allow");
}

TEST_F(Maps, AsGiven) {
    WorkerProcess worker;
    auto spec = userSpec();
    spec.uidMap = {{0, 100000, 10}, {1000, 1000, 1}};
    spec.gidMap = {{5, 200000, 65536}};
    const auto made = worker.make(spec);
    EXPECT_EQ(fileInside(made, "/proc/self/uid_map"), "0 100000 10 1000 1000 1");
    EXPECT_EQ(fileInside(made, "/proc/self/gid_map"), "5 200000 65536");
}

TEST_F(Maps, OfThreeHundredAndFortyLinesFit) {
    WorkerProcess worker;
    auto spec = userSpec();
    for (std::uint32_t i = 0; i < 340; ++i)
        spec.uidMap.push_back({i, i, 1});
    EXPECT_NE(fileInside(worker.make(spec), "/proc/self/uid_map").find("339 339 1"), std::string::npos);
}

TEST_F(Maps, ThatAreLongerThanAPageSaySo) {
    WorkerProcess worker;
    auto spec = userSpec();
    for (std::uint32_t i = 0; i < 340; ++i)
        spec.gidMap.push_back({1000000 + i, 1000000 + i, 1});
    const auto text = errorTextOf(Errc::InvalidArgument, [&] { static_cast<void>(worker.make(spec)); });
    EXPECT_NE(text.find("the gid map is too long"), std::string::npos) << text;
}

TEST_F(Maps, ThatTheKernelRefusesNameTheStep) {
    WorkerProcess worker;
    auto spec = userSpec();
    spec.uidMap = {{0, 0, 10}, {5, 100, 10}};
    const auto text = errorTextOf(Errc::KernelError, [&] { static_cast<void>(worker.make(spec)); });
    EXPECT_NE(text.find("uid map"), std::string::npos) << text;
    EXPECT_NE(text.find("Invalid argument"), std::string::npos) << text;
}

TEST_F(Maps, AllEightWorkWithEveryKindOfMap) {
    WorkerProcess worker;
    NamespaceSpec byRoot;
    byRoot.types = NamespaceTypes::all();
    byRoot.hostname = "inside";
    byRoot.sysctls = {{"net.ipv4.ip_forward", "1"}, {"kernel.msgmax", "16384"}};
    byRoot.monotonicOffset = 1'000'000'000;
    auto byOwner = byRoot;
    byOwner.owner = someOwner;
    auto asRoot = byOwner;
    asRoot.mapRoot = true;
    auto given = byRoot;
    given.uidMap = given.gidMap = {{0, 100000, 65536}};
    auto givenToOwner = given;
    givenToOwner.owner = someOwner;
    auto withoutRoot = byRoot;
    withoutRoot.uidMap = withoutRoot.gidMap = {{1000, 1000, 1}};
    for (const auto& spec : {byRoot, byOwner, asRoot, given, givenToOwner, withoutRoot}) {
        const auto made = worker.make(spec);
        const auto seen = inside(made, NamespaceTypes::all(), [] {
            return readFile("/proc/sys/kernel/hostname") + readFile("/proc/sys/net/ipv4/ip_forward") +
                   readFile("/proc/sys/kernel/msgmax");
        });
        EXPECT_EQ(seen, "inside\n1\n16384\n");
    }
}

std::string initStatus(const MadeByWorker& made) {
    return readFile("/proc/" + std::to_string(made.initPid) + "/status");
}

TEST_F(Maps, TheInitHasIdsInside) {
    WorkerProcess worker;
    NamespaceSpec spec;
    spec.types = {NamespaceType::User, NamespaceType::Pid};
    spec.owner = someOwner;
    spec.mapRoot = true;
    const auto status = initStatus(worker.make(spec));
    EXPECT_NE(status.find("Uid:\t54321\t54321\t54321\t54321"), std::string::npos) << status;
    EXPECT_NE(status.find("Gid:\t54321\t54321\t54321\t54321"), std::string::npos) << status;
}

TEST_F(Maps, RootsGroupsStayOutside) {
    std::vector<gid_t> before(static_cast<std::size_t>(::getgroups(0, nullptr)));
    ASSERT_GE(::getgroups(static_cast<int>(before.size()), before.data()), 0);
    const gid_t group = 54322;
    ASSERT_EQ(::setgroups(1, &group), 0);
    WorkerProcess worker; // which has that group from here
    ASSERT_EQ(::setgroups(before.size(), before.data()), 0);
    NamespaceSpec spec;
    spec.types = {NamespaceType::Pid};
    EXPECT_NE(initStatus(worker.make(spec)).find("Groups:\t54322 \n"), std::string::npos);
    spec.types.insert(NamespaceType::User);
    EXPECT_NE(initStatus(worker.make(spec)).find("Groups:\t \n"), std::string::npos);
}

// The kernel's own quota, lowered in one user namespace, in which another worker lives.
class Quota : public testing::TestWithParam<NamespaceType> {};

TEST_P(Quota, IsNamedByItsLimit) {
    NSD_REQUIRE_ROOT();
    NSD_REQUIRE_PROGRAM("nsenter");
    const auto type = GetParam();
    const auto limit = "max_" + std::string(toWord(type)) + "_namespaces";
    NamespaceSpec spec;
    spec.types = {NamespaceType::User};
    WorkerProcess outside;
    const auto user = outside.make(spec);
    ASSERT_EQ(inside(user, {NamespaceType::User},
                  [&] {
                      // Its base mount namespace is the one that it may have.
                      writeFile("/proc/sys/user/" + limit, type == NamespaceType::Mnt ? "1" : "0");
                      return std::string("lowered");
                  }),
        "lowered");
    const auto file =
        "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(user.fd(NamespaceType::User));
    WorkerProcess worker({"nsenter", "--user=" + file, "--setuid=0", "--setgid=0"});
    spec.types = {type};
    const auto text = errorTextOf(Errc::LimitExceeded, [&] { static_cast<void>(worker.make(spec)); });
    EXPECT_NE(text.find("user." + limit), std::string::npos) << text;
    spec.types = {type == NamespaceType::Uts ? NamespaceType::Ipc : NamespaceType::Uts};
    EXPECT_EQ(worker.make(spec).fds.size(), 1U) << "the worker did not live on";
}

// Each owner has a quota of his own, whoever asked and whatever his uid is inside; root's is not touched.
TEST(OwnersQuota, IsChargedForAllThatIsHis) {
    NSD_REQUIRE_ROOT();
    NSD_REQUIRE_PROGRAM("nsenter");
    WorkerProcess outside;
    NamespaceSpec spec;
    spec.types = {NamespaceType::User};
    const auto user = outside.make(spec);
    ASSERT_EQ(inside(user, {NamespaceType::User},
                  [&] {
                      writeFile("/proc/sys/user/max_uts_namespaces", "2");
                      return std::string("lowered");
                  }),
        "lowered");
    const auto file =
        "/proc/" + std::to_string(::getpid()) + "/fd/" + std::to_string(user.fd(NamespaceType::User));
    WorkerProcess worker({"nsenter", "--user=" + file, "--setuid=0", "--setgid=0"});
    spec.types = {NamespaceType::User, NamespaceType::Uts};
    spec.owner = someOwner;
    spec.mapRoot = true;
    const auto first = worker.make(spec);
    const auto second = worker.make(spec);
    const auto text = errorTextOf(Errc::LimitExceeded, [&] { static_cast<void>(worker.make(spec)); });
    EXPECT_NE(text.find("user.max_uts_namespaces of uid 54321"), std::string::npos) << text;
    spec.owner = someOwner + 1;
    const auto others = worker.make(spec);
    spec.owner.reset();
    const auto roots = worker.make(spec);
}

INSTANTIATE_TEST_SUITE_P(Maker, Quota, testing::ValuesIn(allNamespaceTypes),
    [](const auto& each) { return std::string(toWord(each.param)); });

} // namespace
} // namespace nsd::test
