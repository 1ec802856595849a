// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/exec_rules.hpp"
#include "tests/unit/core/core_fixture.hpp"

#include <climits>
#include <fcntl.h>

namespace nsd::test {
namespace {

constexpr uid_t somebody = 1000;

ExecRequest requestOf(std::vector<std::string> argv) {
    ExecRequest request;
    request.argv = std::move(argv);
    return request;
}

Caller callerOf(uid_t uid) {
    Caller caller;
    caller.busName = ":1.1";
    caller.uid = uid;
    caller.groups = {uid, 27};
    return caller;
}

NamespaceRecord recordOf(NamespaceTypes types, std::optional<uid_t> userNamespaceOwner = std::nullopt) {
    NamespaceRecord record{.uuid = Uuid::random(), .name = Name("web")};
    record.spec.types = types;
    record.userNamespaceOwner = userNamespaceOwner;
    return record;
}

UserEntry entryOfSomebody() {
    UserEntry entry;
    entry.known = true;
    entry.name = "ann";
    entry.gid = 27;
    entry.home = "/home/ann";
    entry.shell = "/bin/zsh";
    return entry;
}

TEST(ExecRequest, aPlainCommandIsValid) {
    validate(requestOf({"true"}));
}

TEST(ExecRequest, needsAProgram) {
    EXPECT_EQ(codeOf([] { validate(requestOf({})); }), "InvalidArgument");
    EXPECT_EQ(codeOf([] { validate(requestOf({""})); }), "InvalidArgument");
}

TEST(ExecRequest, argvAndEnvironmentHaveOneLimitOfEntries) {
    auto request = requestOf(std::vector<std::string>(1000, "x"));
    request.environment.emplace(24, "A=1");
    validate(request);
    request.environment->emplace_back("A=1");
    EXPECT_EQ(codeOf([&] { validate(request); }), "InvalidArgument");
    EXPECT_NE(textOf([&] { validate(request); }).find("1024"), std::string::npos);
}

TEST(ExecRequest, argvAndEnvironmentHaveOneLimitOfBytes) {
    constexpr std::size_t limit = 128UL * 1024;
    auto request = requestOf({"x", std::string(limit - 2 - 5, 'y')}); // each with its NUL
    request.environment = {{"A=1"}};
    validate(request);
    request.environment = {{"A=12"}};
    EXPECT_EQ(codeOf([&] { validate(request); }), "InvalidArgument");
}

TEST(ExecRequest, anEnvironmentIsOfAssignments) {
    for (const auto* entry : {"", "A", "=1"}) {
        auto request = requestOf({"true"});
        request.environment = {{entry}};
        EXPECT_EQ(codeOf([&] { validate(request); }), "InvalidArgument") << entry;
    }
}

TEST(ExecRequest, theDirectoryIsAnAbsolutePath) {
    for (const auto& directory : {std::string(), std::string("home"), '/' + std::string(PATH_MAX, 'x')}) {
        auto request = requestOf({"true"});
        request.directory = directory;
        EXPECT_EQ(codeOf([&] { validate(request); }), "InvalidArgument") << directory;
    }
}

TEST(ExecRequest, aTerminalNeedsStdin) {
    auto request = requestOf({"true"});
    request.terminal = true;
    EXPECT_EQ(codeOf([&] { validate(request); }), "InvalidArgument");
    request.stdio[0].reset(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    validate(request);
}

TEST(ExecRequest, nobodysUidIsNone) {
    auto request = requestOf({"true"});
    request.uid = 4294967295U;
    EXPECT_EQ(codeOf([&] { validate(request); }), "InvalidArgument");
}

TEST(ExecRequest, onlyRootChoosesTheUid) {
    auto request = requestOf({"true"});
    EXPECT_EQ(runsAs(request, callerOf(somebody), {}).uid, somebody);
    request.uid = somebody; // not even his own
    EXPECT_EQ(codeOf([&] { static_cast<void>(runsAs(request, callerOf(somebody), {})); }), "AccessDenied");
    EXPECT_EQ(runsAs(request, callerOf(0), {}).uid, somebody);
}

TEST(ExecRequest, rootsChoiceIsOneOfTheUserNamespaceThatIsJoined) {
    auto request = requestOf({"true"});
    const NamespaceTypes user{NamespaceType::User};
    EXPECT_FALSE(runsAs(request, callerOf(somebody), user).isInside);
    EXPECT_FALSE(runsAs(request, callerOf(0), {NamespaceType::Net}).isInside);
    EXPECT_TRUE(runsAs(request, callerOf(0), user).isInside);
    request.uid = somebody;
    EXPECT_TRUE(runsAs(request, callerOf(0), user).isInside);
}

TEST(ExecRequest, noTypesAreAllTypes) {
    const auto record = recordOf({NamespaceType::Net, NamespaceType::Mnt});
    EXPECT_EQ(typesToJoin(requestOf({"true"}), callerOf(somebody), record), record.types());
}

TEST(ExecRequest, aTypeMustBeThere) {
    auto request = requestOf({"true"});
    request.types = {NamespaceType::Uts};
    EXPECT_EQ(
        codeOf([&] { static_cast<void>(typesToJoin(request, callerOf(0), recordOf({NamespaceType::Net}))); }),
        "TypeNotPresent");
}

// Root, the owner of the user namespace, and somebody who is neither.
TEST(ExecRequest, programsInForeignNamespacesAreForRootAndTheirOwner) {
    struct Row {
        NamespaceTypes types;
        std::string root, owner, stranger;
    };
    using enum NamespaceType;
    const auto record = recordOf({User, Net, Mnt, Pid}, somebody);
    for (const auto& row :
        {Row{{Net}, "none", "none", "none"}, Row{{Net, User}, "none", "none", "AccessDenied"},
            Row{{User, Mnt}, "none", "none", "AccessDenied"},
            Row{{User, Pid}, "none", "none", "AccessDenied"},
            Row{{Mnt}, "InvalidArgument", "InvalidArgument", "AccessDenied"},
            Row{{Net, Pid}, "InvalidArgument", "InvalidArgument", "AccessDenied"},
            Row{{}, "none", "none", "AccessDenied"}}) {
        auto request = requestOf({"true"});
        request.types = row.types;
        const auto codeFor = [&](uid_t uid) {
            return codeOf([&] { static_cast<void>(typesToJoin(request, callerOf(uid), record)); });
        };
        EXPECT_EQ(codeFor(0), row.root) << describe(row.types);
        EXPECT_EQ(codeFor(somebody), row.owner) << describe(row.types);
        EXPECT_EQ(codeFor(1001), row.stranger) << describe(row.types);
    }
}

CommandSpec commandFor(const ExecRequest& request, const Caller& caller, const UserEntry& entry = {},
    NamespaceTypes joined = {}) {
    return commandOf(request, caller, runsAs(request, caller, joined), entry);
}

TEST(ExecRequest, theCommandOfACallerHasHisIdsAndNoCapabilities) {
    const auto command = commandFor(requestOf({"true"}), callerOf(somebody), entryOfSomebody());
    EXPECT_EQ(command.ids.uid, somebody);
    EXPECT_EQ(command.ids.gid, 27U);
    EXPECT_EQ(command.ids.groups, (std::vector<gid_t>{somebody, 27}));
    EXPECT_FALSE(command.keepsCapabilities);
    EXPECT_FALSE(command.idsAreInside);
    EXPECT_EQ(command.directory, "/");
}

TEST(ExecRequest, withoutAnEnvironmentItHasTheUsualOne) {
    const auto command = commandFor(requestOf({"true"}), callerOf(somebody), entryOfSomebody());
    ASSERT_EQ(command.environment.size(), 4U);
    EXPECT_TRUE(command.environment[0].starts_with("PATH=/"));
    EXPECT_EQ(command.environment[1], "HOME=/home/ann");
    EXPECT_EQ(command.environment[2], "USER=ann");
    EXPECT_EQ(command.environment[3], "SHELL=/bin/zsh");
    const auto unknown = commandFor(requestOf({"true"}), callerOf(somebody));
    EXPECT_EQ(unknown.environment[2], "USER=1000");
    auto request = requestOf({"true"});
    request.environment.emplace();
    EXPECT_TRUE(commandFor(request, callerOf(somebody), entryOfSomebody()).environment.empty());
}

TEST(ExecRequest, rootStaysRootOrIsRootInside) {
    const auto outside = commandFor(requestOf({"true"}), callerOf(0), {}, {NamespaceType::Net});
    EXPECT_TRUE(outside.keepsCapabilities);
    EXPECT_FALSE(outside.idsAreInside);
    EXPECT_EQ(outside.ids.groups, (std::vector<gid_t>{0, 27}));
    const auto inside = commandFor(requestOf({"true"}), callerOf(0), {}, {NamespaceType::User});
    EXPECT_TRUE(inside.idsAreInside);
    EXPECT_EQ(inside.ids.uid, 0U);
    EXPECT_TRUE(inside.ids.groups.empty());
}

TEST(ExecRequest, aUidOfRootsChoiceHasItsPrimaryGroupAndNoCapabilities) {
    auto request = requestOf({"true"});
    request.uid = somebody;
    const auto known = commandFor(request, callerOf(0), entryOfSomebody());
    EXPECT_EQ(known.ids.gid, 27U);
    EXPECT_FALSE(known.keepsCapabilities);
    EXPECT_EQ(commandFor(request, callerOf(0)).ids.gid, somebody);
    const auto inside = commandFor(request, callerOf(0), {}, {NamespaceType::User});
    EXPECT_EQ(inside.ids.gid, somebody);
    EXPECT_TRUE(inside.ids.groups.empty());
}

} // namespace
} // namespace nsd::test
