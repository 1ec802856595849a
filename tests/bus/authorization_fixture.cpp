// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/authorization_fixture.hpp"

#include "daemon/core/grants.hpp"

#include <array>
#include <csignal>
#include <cstdint>
#include <filesystem>
#include <set>

namespace nsd::test {
namespace {

using Needs = MatrixCall::Needs;

constexpr uid_t owner = 1000;
constexpr uid_t grantedUser = 1001;
constexpr gid_t grantedGroup = 2000;
constexpr uid_t grantedOtherwise = 1003;

const std::array roles{
    Role{"root", 0, {0}, &Expectation::root, "root"},
    Role{"owner", owner, {owner}, &Expectation::owner, "owner"},
    Role{"granted user", grantedUser, {grantedUser}, &Expectation::user, "user:1001"},
    Role{"member of a granted group", 1002, {1002, grantedGroup}, &Expectation::group, "group:2000"},
    Role{"granted all but this", grantedOtherwise, {grantedOtherwise}, &Expectation::others, ""},
    Role{"other", 1004, {1004}, &Expectation::others, ""},
    Role{"nobody", nobody, {nobody}, &Expectation::nobody, ""},
    Role{"other with a large uid", 4'000'000'000, {4'000'000'000}, &Expectation::others, ""},
};

std::vector<std::string> grantableRights() {
    return {"enter", "fds", "hold", "link", "manage", "socket", "view"};
}

// What the daemon keeps in mind of it.
std::string textOf(const NamespaceRecord& record) {
    auto text = record.uuid.str() + ' ' + record.name.str() + " owner " + std::to_string(record.owner);
    for (const auto& [key, value] : record.labels)
        text += ' ' + key + '=' + value;
    for (const auto& grant : record.grants) {
        text += ' ' + groundOf(grant);
        for (const auto& right : grant.rights)
            text += ',' + right;
    }
    return text;
}

} // namespace

std::span<const Role> matrixRoles() {
    return roles;
}

void AuthorizationFixture::SetUp() {
    quotas_.namespaces = quotas_.leases = quotas_.processes = quotas_.calls = 1'000'000;
    PolkitBusTest::SetUp();
    if (HasFatalFailure() || IsSkipped())
        return;
    reload_ = [this] { ++reloads_; };
    for (const auto& role : roles)
        clients_[role.name] = join(role);
}

void AuthorizationFixture::TearDown() {
    clients_.clear();
    PolkitBusTest::TearDown();
}

std::unique_ptr<TestBus> AuthorizationFixture::makeBus() {
    std::vector<uid_t> users;
    for (const auto& role : roles)
        users.push_back(role.uid);
    return std::make_unique<TestBus>("", users);
}

std::unique_ptr<BusClient> AuthorizationFixture::join(const Role& role) {
    auto client = std::make_unique<BusClient>(bus_->address(), loop_->handle(), role.uid, role.groups);
    EXPECT_EQ(client->manager("List", "a{sv}", 0)->error, "") << role.name;
    return client;
}

AnswerPtr AuthorizationFixture::start(BusClient& client, const MatrixCall& call) {
    return client.start(call.path(stage_), call.interface().c_str(), call.method().c_str(),
        [&](sd_bus_message* message) { call.fill(message, stage_); });
}

void AuthorizationFixture::clearStage() {
    for (const auto* record : namespaces_->list({}))
        namespaces_->destroy(record->uuid, {.force = true, .patience = {}}, [](const auto& /*outcome*/) {});
    root_->turnUntil([&] { return namespaces_->count() == 0; });
    settle();
}

void AuthorizationFixture::setStage(const Expectation& expected, const MatrixCall& call) {
    clearStage();
    stage_ = {};
    links_->at(FakeLinks::host).clear();
    links_->put(FakeLinks::host, {.name = "eth0"});
    make("web", call.has("rootless") && call.method() != "Create");
    grantAsExpected("web", expected);
    stage_.path = "/org/nsd1/namespace/" + namespaces_->find(Name("web")).uuid.str();
    if (call.needs == Needs::Peer) {
        make("other", false);
        grantAsExpected("other", expected);
    }
    kernel_->forbidUserNamespaces(call.has("off"));
    bring(call);
    settle();
}

void AuthorizationFixture::make(const std::string& name, bool rootless) {
    CreateRequest request{.name = Name(name)};
    request.spec.types = {NamespaceType::Net};
    if (rootless)
        request.spec.types.insert(NamespaceType::User);
    request.spec.owner = request.owner = owner;
    request.callerGroups = {owner};
    bool made = false;
    namespaces_->create(std::move(request), [&](const Outcome<Uuid>& outcome) { made = outcome.ok(); });
    root_->turnUntil([&] { return made; });
}

void AuthorizationFixture::grantAsExpected(const std::string& name, const Expectation& expected) {
    auto rights = grantableRights();
    std::vector<std::string> others{"view"}; // where there is no right that would do it
    if (*expected.granted != '\0') {
        others = rights;
        std::erase(others, expected.granted);
        rights = {expected.granted};
    }
    auto grants = withGrant({}, makeGrant("user", grantedUser, rights));
    grants = withGrant(grants, makeGrant("group", grantedGroup, rights));
    grants = withGrant(grants, makeGrant("user", grantedOtherwise, others));
    grants = withGrant(grants, makeGrant("user", 9, {"view"})); // to be revoked
    namespaces_->setGrants(namespaces_->find(Name(name)).uuid, grants);
}

void AuthorizationFixture::bring(const MatrixCall& call) {
    const auto& record = namespaces_->find(Name("web"));
    switch (call.needs) {
    case Needs::Nothing:
    case Needs::Peer:
        break;
    case Needs::BorrowedLink:
        borrowLink();
        break;
    case Needs::OwnPin:
        stage_.fd = std::move(namespaces_->open(record.uuid, {NamespaceType::Net}).at(NamespaceType::Net));
        kernel_->answerProcess({.uid = owner, .namespaces = {}});
        break;
    case Needs::OwnersNet:
    case Needs::RootsNet: {
        stage_.fd = kernel_->foreignNamespace(NamespaceType::Net);
        const bool foreign = call.needs == Needs::OwnersNet;
        kernel_->answerOwnership(
            stage_.fd.get(), {.ofHost = false, .user = {}, .foreign = foreign, .owner = foreign ? owner : 0});
        break;
    }
    case Needs::Process:
        startCommand(call);
        break;
    case Needs::EndedProcess:
        startCommand(call);
        launcher_->end(launcher_->lastPid(), CLD_EXITED, 0);
        break;
    }
}

void AuthorizationFixture::borrowLink() {
    bool moved = false;
    namespaces_->links().move(namespaces_->find(Name("web")).uuid, "eth0", "",
        [&](const Outcome<Done>& outcome) { moved = outcome.ok(); });
    root_->turnUntil([&] { return moved; });
}

void AuthorizationFixture::startCommand(const MatrixCall& call) {
    const auto* const who = call.has("root's") ? "root" : call.has("granted") ? "granted user" : "owner";
    const auto answer = clients_.at(who)->object(stage_.path, "Exec", "asa{sv}", 1, "/bin/true", 0);
    ASSERT_EQ(answer->error, "") << answer->text;
    const auto quote = answer->text.find('"');
    stage_.process = answer->text.substr(quote + 1, answer->text.find('"', quote + 1) - quote - 1);
}

std::string AuthorizationFixture::state() const {
    std::set<std::string> lines; // the files of the pins, and what is recorded
    for (const auto& entry : std::filesystem::recursive_directory_iterator(pins_.path())) {
        if (entry.path().filename() == "leases" && std::filesystem::is_empty(entry))
            continue; // stays when the first lease ends
        lines.insert(entry.path().string());
        if (entry.path().filename() == "meta")
            lines.insert(readFile(entry.path()));
    }
    std::string text = "reloads " + std::to_string(reloads_) + " sockets " +
                       std::to_string(kernel_->sockets().size()) + " commands " +
                       std::to_string(launcher_->launches().size()) + " signals " +
                       std::to_string(launcher_->signals().size());
    for (const auto& line : lines)
        text += '\n' + line;
    const auto addLinks = [&](std::uint64_t where) {
        for (const auto& link : links_->names(where))
            text += " link " + link;
    };
    addLinks(FakeLinks::host);
    for (const auto* record : namespaces_->list({})) {
        text += '\n' + textOf(*record);
        addLinks(record->identities.at(NamespaceType::Net).inode);
    }
    return text;
}

} // namespace nsd::test
