// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/unit/core/core_fixture.hpp"

#include <cstdint>
#include <ctime>
#include <limits>

namespace nsd::test {
namespace {

using Type = NamespaceType;

CreateRequest of(NamespaceTypes types) {
    CreateRequest request{.name = Name("web")};
    request.spec.types = types;
    return request;
}

// What validate says about a request that `change` has changed; empty if it is content.
template <class Change>
std::string complaint(Change change, NamespaceTypes types = NamespaceTypes::all()) {
    auto request = of(types);
    change(request);
    try {
        validate(request);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::InvalidArgument);
        EXPECT_FALSE(error.text().empty());
        return error.text();
    }
    return {};
}

std::int64_t nanosecondsOf(clockid_t clock) {
    struct timespec now {};
    EXPECT_EQ(::clock_gettime(clock, &now), 0);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

TEST(RequestRules, TakeAPlainRequest) {
    for (const auto type : allNamespaceTypes)
        EXPECT_EQ(complaint([](auto&) {}, {type}), "") << toWord(type);
}

TEST(RequestRules, AskForATypeAtLeast) {
    EXPECT_EQ(complaint([](auto&) {}, {}),
        "no namespace type was given; the types are cgroup, ipc, mnt, net, pid, time, user, uts");
}

TEST(RequestRules, AskForTheTypeOfEachOption) {
    const NamespaceTypes net{Type::Net};
    EXPECT_EQ(complaint([](auto& r) { r.spec.hostname = "x"; }, net), "hostname needs type uts");
    EXPECT_EQ(complaint([](auto& r) { r.spec.domainname = "x"; }, net), "domainname needs type uts");
    EXPECT_EQ(
        complaint([](auto& r) { r.spec.monotonicOffset = 0; }, net), "monotonic-offset needs type time");
    EXPECT_EQ(complaint([](auto& r) { r.spec.boottimeOffset = 0; }, net), "boottime-offset needs type time");
    EXPECT_EQ(complaint([](auto& r) { r.spec.uidMap = {{0, 0, 1}}; }, net), "uid-map needs type user");
    EXPECT_EQ(complaint([](auto& r) { r.spec.gidMap = {{0, 0, 1}}; }, net), "gid-map needs type user");
    EXPECT_EQ(complaint([](auto& r) { r.spec.mapRoot = true; }, net), "map-root needs type user");
    EXPECT_EQ(complaint(
                  [](auto& r) {
                      r.spec.sysctls = {{"kernel.sem", "1"}};
                  },
                  net),
        "sysctl \"kernel.sem\" needs type ipc");
    EXPECT_EQ(complaint(
                  [](auto& r) {
                      r.spec.sysctls = {{"net.x", "1"}};
                  },
                  {Type::Uts}),
        "sysctl \"net.x\" needs type net");
}

TEST(RequestRules, LimitHostnames) {
    EXPECT_EQ(complaint([](auto& r) { r.spec.hostname = std::string(64, 'h'); }), "");
    EXPECT_NE(complaint([](auto& r) { r.spec.hostname = std::string(65, 'h'); }).find("has 65 bytes"),
        std::string::npos);
    EXPECT_NE(complaint([](auto& r) { r.spec.domainname = std::string(65, 'h'); }).find("domainname"),
        std::string::npos);
    EXPECT_NE(complaint([](auto& r) { r.spec.hostname = "a\nb"; }), "");
    EXPECT_NE(complaint([](auto& r) { r.spec.hostname = "\xff"; }), "");
}

TEST(RequestRules, LetNoClockStandBeforeBoot) {
    const auto monotonic = nanosecondsOf(CLOCK_MONOTONIC);
    const auto boottime = nanosecondsOf(CLOCK_BOOTTIME);
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    constexpr std::int64_t hour = 3'600'000'000'000;
    EXPECT_EQ(complaint([&](auto& r) { r.spec.monotonicOffset = -monotonic; }), "");
    EXPECT_EQ(complaint([&](auto& r) { r.spec.boottimeOffset = -boottime; }), "");
    EXPECT_EQ(complaint([&](auto& r) { r.spec.boottimeOffset = hour; }), "");
    EXPECT_NE(complaint([&](auto& r) { r.spec.monotonicOffset = -monotonic - hour; }).find("before boot"),
        std::string::npos);
    EXPECT_NE(complaint([&](auto& r) { r.spec.boottimeOffset = -boottime - hour; }).find("before boot"),
        std::string::npos);
    EXPECT_NE(
        complaint([&](auto& r) { r.spec.boottimeOffset = least; }).find("before boot"), std::string::npos);
    EXPECT_NE(complaint([&](auto& r) { r.spec.monotonicOffset = most; }).find("can show"), std::string::npos);
}

TEST(RequestRules, CheckTheWholeOfMaps) {
    const auto map = [](std::vector<IdRange> lines) {
        return complaint([&](auto& r) { r.spec.gidMap = lines; });
    };
    EXPECT_EQ(map({{0, 100000, 65536}}), "");
    EXPECT_EQ(map({{0, 0, 4294967295U}}), "");
    EXPECT_EQ(map({{4294967294U, 0, 1}}), "");
    EXPECT_EQ(map({{0, 0, 0}}), "gid-map: the line \"0 0 0\" maps no id; the count is at least 1");
    EXPECT_NE(map({{4294967295U, 0, 1}}).find("beyond the last id"), std::string::npos);
    EXPECT_NE(map({{0, 4294967295U, 1}}).find("beyond the last id"), std::string::npos);
    EXPECT_NE(map({{1, 0, 4294967295U}}).find("beyond the last id"), std::string::npos);
    EXPECT_NE(map({{0, 4294967290U, 10}}).find("beyond the last id"), std::string::npos);
}

TEST(RequestRules, LetMapLinesTouchButNotOverlap) {
    const auto map = [](std::vector<IdRange> lines) {
        return complaint([&](auto& r) { r.spec.uidMap = lines; });
    };
    EXPECT_EQ(map({{10, 110, 10}, {0, 100, 10}, {20, 0, 5}}), "");
    EXPECT_EQ(
        map({{0, 100, 11}, {10, 200, 1}}), "uid-map: the lines \"0 100 11\" and \"10 200 1\" overlap inside");
    EXPECT_EQ(
        map({{0, 100, 2}, {10, 101, 1}}), "uid-map: the lines \"0 100 2\" and \"10 101 1\" overlap outside");
    EXPECT_NE(map({{5, 100, 1}, {5, 200, 1}}).find("overlap inside"), std::string::npos);
}

TEST(RequestRules, LimitMapsToLinesAndAPage) {
    std::vector<IdRange> lines;
    for (std::uint32_t i = 0; i < 340; ++i)
        lines.push_back({i, i, 1});
    const auto map = [&] { return complaint([&](auto& r) { r.spec.uidMap = lines; }); };
    EXPECT_EQ(map(), "");
    lines.push_back({340, 340, 1});
    EXPECT_EQ(map(), "uid-map: 341 lines; at most 340 are allowed");
    lines.pop_back();
    for (auto& line : lines)
        line.outside += 3'000'000'000;
    EXPECT_NE(map().find("less than a page"), std::string::npos);
}

TEST(RequestRules, LetMapRootGoAlone) {
    EXPECT_EQ(complaint([](auto& r) { r.spec.mapRoot = true; }), "");
    const auto both = [](auto& r) {
        r.spec.mapRoot = true;
        r.spec.gidMap = {{0, 0, 1}};
    };
    EXPECT_EQ(complaint(both), "map-root and gid-map exclude each other");
}

TEST(RequestRules, BringSysctlsIntoDottedForm) {
    auto request = of({Type::Net, Type::Ipc});
    request.spec.sysctls = {{"net/ipv4/conf/eth0.7/forwarding", "1"},
        {"net.ipv4.conf.eth1/7.forwarding", "1"}, {"net.ipv4.ip_forward", "1"}, {"kernel/msgmax", "9"},
        {"kernel.sem", "1\t2\t3\t4"}, {"kernel.shm_rmid_forced", "1"}, {"fs/mqueue/msg_max", "5"}};
    validate(request);
    const std::map<std::string, std::string> dotted{{"net.ipv4.conf.eth0/7.forwarding", "1"},
        {"net.ipv4.conf.eth1/7.forwarding", "1"}, {"net.ipv4.ip_forward", "1"}, {"kernel.msgmax", "9"},
        {"kernel.sem", "1\t2\t3\t4"}, {"kernel.shm_rmid_forced", "1"}, {"fs.mqueue.msg_max", "5"}};
    EXPECT_EQ(request.spec.sysctls, dotted);
}

TEST(RequestRules, TakeNoSysctlThatBelongsToTheMachine) {
    for (const char* name : {"kernel.core_pattern", "kernel.panic", "kernel.semantics", "kernel.sem.x",
             "kernel.shm.x", "vm.swappiness", "fs.mqueue", "fs.mqueue.a.b", "fs.file-max", "net",
             "networks.x", "user.max_net_namespaces", "Net.ipv4.x"})
        EXPECT_NE(complaint([&](auto& r) { r.spec.sysctls = {{name, "1"}}; }), "") << name;
}

TEST(RequestRules, LetNoSysctlLeaveItsDirectory) {
    for (const char* name :
        {"net/../kernel/core_pattern", "net.//.kernel.core_pattern", "net/./x", "net//x", "net..x", "/net/x",
            ".net.x", "net.", "net/", "net.x y", "net.x\n", "net.x\x7f", "", ".", "/", "net.\xff"})
        EXPECT_NE(complaint([&](auto& r) { r.spec.sysctls = {{name, "1"}}; }), "") << name;
    EXPECT_NE(complaint([](auto& r) { r.spec.sysctls = {{"net." + std::string(256, 'x'), "1"}}; }), "");
    EXPECT_NE(complaint([](auto& r) { r.spec.sysctls = {{std::string("net.a\0b", 7), "1"}}; }), "");
}

TEST(RequestRules, TakeLinesAsValuesOfSysctlsAndEachNameOnce) {
    for (const auto& value : {std::string(), std::string("1\n2"), std::string("1\0", 2), std::string("\xff")})
        EXPECT_NE(complaint([&](auto& r) { r.spec.sysctls = {{"net.x", value}}; }), "");
    EXPECT_NE(complaint([](auto& r) {
        r.spec.sysctls = {{"net.a.b", "1"}, {"net/a/b", "1"}};
    }).find("given twice"),
        std::string::npos);
    EXPECT_NE(complaint([](auto& r) { r.spec.sysctls = {{"net.x", std::string(65536, '1')}}; }), "");
}

TEST(RequestRules, LimitLabels) {
    const auto labels = [](Labels given) { return complaint([&](auto& r) { r.labels = given; }); };
    Labels many;
    for (int i = 0; i < 64; ++i)
        many.emplace("k" + std::to_string(i), "v");
    EXPECT_EQ(labels(many), "");
    many.emplace("one-more", "v");
    EXPECT_EQ(labels(many), "65 labels were given; at most 64 are allowed");
    EXPECT_EQ(
        labels({{"A.z_0/-9", "für 日本"}, {std::string(64, 'k'), std::string(256, 'v')}, {"e", ""}}), "");
    EXPECT_NE(labels({{"", "v"}}), "");
    EXPECT_NE(labels({{std::string(65, 'k'), "v"}}), "");
    EXPECT_NE(labels({{"a b", "v"}}).find("\"a b\""), std::string::npos);
    EXPECT_NE(labels({{"ä", "v"}}), "");
    EXPECT_NE(labels({{"k", std::string(257, 'v')}}).find("257 bytes"), std::string::npos);
    EXPECT_NE(labels({{"k", "a\nb"}}).find("control"), std::string::npos);
    EXPECT_NE(labels({{"k", "\xff"}}).find("UTF-8"), std::string::npos);
    EXPECT_THROW(validateLabels(many), Error);
}

TEST(RequestRules, TakeATimeToLiveThatIsOne) {
    using std::chrono::microseconds;
    const auto ttl = [](microseconds span) { return complaint([&](auto& r) { r.ttl = span; }); };
    EXPECT_EQ(ttl(microseconds(1)), "");
    EXPECT_NE(ttl(microseconds(0)).find("more than 0"), std::string::npos);
    EXPECT_NE(ttl(microseconds(-1)), "");
    EXPECT_NE(ttl(microseconds::max()).find("too long"), std::string::npos);
}

TEST(RequestRules, LimitRequestIds) {
    const auto id = [](std::string text) { return complaint([&](auto& r) { r.requestId = text; }); };
    EXPECT_EQ(id(std::string(64, 'r')), "");
    EXPECT_NE(id(std::string(65, 'r')).find("65 bytes"), std::string::npos);
    EXPECT_NE(id("a\nb").find("printable"), std::string::npos);
    EXPECT_NE(id("\xff"), "");
}

TEST(RequestRules, LetNobodyOwnAsTheOverflowUid) {
    for (const uid_t uid : {65534U, 4294967295U}) {
        EXPECT_EQ(complaint([&](auto& r) { r.owner = uid; }),
            "uid " + std::to_string(uid) + " cannot own a namespace");
        EXPECT_NE(complaint([&](auto& r) { r.spec.owner = uid; }), "");
    }
    EXPECT_EQ(complaint([](auto& r) { r.owner = 4'000'000'000; }), "");
}

TEST(RequestRules, GiveTheOwnerToTheSpec) {
    auto request = of({Type::User});
    request.owner = 1000;
    validate(request);
    EXPECT_EQ(request.spec.owner, std::optional<uid_t>(1000));
    auto fromSpec = of({Type::User});
    fromSpec.spec.owner = 1001;
    validate(fromSpec);
    EXPECT_EQ(fromSpec.owner, 1001U);
    auto root = of({Type::User});
    root.spec.owner = 0;
    validate(root);
    EXPECT_FALSE(root.spec.owner);
}

} // namespace
} // namespace nsd::test
