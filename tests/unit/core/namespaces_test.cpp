// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/unit/core/core_fixture.hpp"

#include <cstdint>
#include <fstream>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;

class NamespacesFacade : public CoreTest {
  protected:
    [[nodiscard]] std::vector<std::string> names(const ListOptions& options) const {
        std::vector<std::string> names;
        for (const auto* record : namespaces_->list(options))
            names.push_back(record->name.str());
        return names;
    }
};

using Names = std::vector<std::string>;

TEST_F(NamespacesFacade, OpensTheTypesThatAreAskedFor) {
    const auto uuid = create("web", {NamespaceType::Net, NamespaceType::Uts});
    EXPECT_EQ(namespaces_->open(uuid, {}).size(), 2U);
    const auto fds = namespaces_->open(uuid, {NamespaceType::Uts});
    ASSERT_EQ(fds.size(), 1U);
    EXPECT_EQ(kernel_.identify(fds.at(NamespaceType::Uts).get()).inode, inode(uuid, NamespaceType::Uts));
}

TEST_F(NamespacesFacade, SaysWhichTypesThereAre) {
    const auto uuid = create("web", {NamespaceType::Net, NamespaceType::Uts});
    EXPECT_EQ(textOf([&] { static_cast<void>(namespaces_->open(uuid, {NamespaceType::Mnt})); }),
        "\"web\" has no type mnt; it has net, uts");
    EXPECT_EQ(codeOf([&] { static_cast<void>(namespaces_->open(Uuid::random(), {})); }), "NoSuchNamespace");
}

TEST_F(NamespacesFacade, NeverHandsOutAnothersPin) {
    const auto uuid = create("web", {NamespaceType::Net, NamespaceType::Uts});
    const auto other = create("other", {NamespaceType::Net});
    fs::remove(pins() / "web" / "net");
    fs::copy_file(pins() / "other" / "net", pins() / "web" / "net");
    EXPECT_EQ(codeOf([&] { static_cast<void>(namespaces_->open(uuid, {})); }), "Degraded");
    EXPECT_EQ(record(uuid).state, State::Degraded);
    EXPECT_EQ(events_.seen.back(), "degraded web");
    EXPECT_EQ(namespaces_->open(uuid, {NamespaceType::Uts}).size(), 1U);
    EXPECT_EQ(namespaces_->open(other, {}).size(), 1U);
    kernel_.forgetDropped();
}

TEST_F(NamespacesFacade, DegradesWhenAnInitDies) {
    const auto uuid = create("p", {NamespaceType::Pid, NamespaceType::Net});
    kernel_.killInit(inode(uuid, NamespaceType::Pid));
    // Before the loop has seen it, too.
    EXPECT_EQ(codeOf([&] { static_cast<void>(namespaces_->open(uuid, {})); }), "Degraded");
    loop_.settle();
    EXPECT_EQ(record(uuid).state, State::Degraded);
    EXPECT_EQ(events_.seen, (Names{"added p", "degraded p"}));
    EXPECT_EQ(namespaces_->open(uuid, {NamespaceType::Net}).size(), 1U);
    EXPECT_EQ(loop_.watches(), 0U);
}

TEST_F(NamespacesFacade, ListsPagesInBytewiseOrder) {
    for (const auto* name : {"b", "a10", "a2", "Z"})
        create(name);
    EXPECT_EQ(names({}), (Names{"Z", "a10", "a2", "b"}));
    EXPECT_EQ(names({.after = "", .limit = 2, .labels = {}}), (Names{"Z", "a10"}));
    EXPECT_EQ(names({.after = "a10", .limit = 2, .labels = {}}), (Names{"a2", "b"}));
    EXPECT_EQ(names({.after = "a11 need not exist", .limit = 500, .labels = {}}), (Names{"a2", "b"}));
    EXPECT_TRUE(names({.after = "b", .limit = 500, .labels = {}}).empty());
}

TEST_F(NamespacesFacade, RefusesLimitsThatWouldMakeAShortPageLie) {
    for (const std::uint32_t limit : {0U, 501U, 4294967295U})
        EXPECT_EQ(codeOf([&] { static_cast<void>(names({.after = "", .limit = limit, .labels = {}})); }),
            "InvalidArgument");
}

TEST_F(NamespacesFacade, ListsByLabels) {
    auto wanted = request("a", {NamespaceType::Net});
    wanted.labels = {{"tier", "web"}, {"x", "1"}};
    create(wanted);
    wanted = request("b", {NamespaceType::Net});
    wanted.labels = {{"tier", "web"}};
    create(wanted);
    EXPECT_EQ(names({.after = "", .limit = 500, .labels = {{"tier", "web"}}}), (Names{"a", "b"}));
    EXPECT_EQ(names({.after = "", .limit = 500, .labels = {{"tier", "web"}, {"x", "1"}}}), Names{"a"});
    EXPECT_TRUE(names({.after = "", .limit = 500, .labels = {{"tier", "db"}}}).empty());
}

TEST_F(NamespacesFacade, IdentifiesWhatIsItsOwn) {
    const auto uuid = create("web", {NamespaceType::Net});
    const auto identity = record(uuid).identities.at(NamespaceType::Net);
    ASSERT_NE(namespaces_->identify(identity), nullptr);
    EXPECT_EQ(namespaces_->identify(identity)->uuid, uuid);
    auto reused = identity; // the same inode, in a later life
    reused.id += 1;
    EXPECT_EQ(namespaces_->identify(reused), nullptr);
    auto otherType = identity;
    otherType.type = NamespaceType::Uts;
    EXPECT_EQ(namespaces_->identify(otherType), nullptr);
    EXPECT_EQ(
        namespaces_->identify(kernel_.identify(kernel_.foreignNamespace(NamespaceType::Net).get())), nullptr);
}

TEST_F(NamespacesFacade, IdentifiesByInodeWhereTheKernelHasNoIds) {
    kernel_.withoutIds();
    const auto uuid = create("web", {NamespaceType::Net});
    ASSERT_NE(namespaces_->identify(record(uuid).identities.at(NamespaceType::Net)), nullptr);
}

TEST_F(NamespacesFacade, RenamesDirectoryAndRecord) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.labels = {{"k", "v"}};
    wanted.requestId = "r";
    const auto uuid = create(wanted);
    namespaces_->rename(uuid, Name("www"));
    EXPECT_EQ(entries(), Names{"www"});
    EXPECT_EQ(namespaces_->find(Name("www")).uuid, uuid);
    EXPECT_EQ(codeOf([&] { static_cast<void>(namespaces_->find(Name("web"))); }), "NoSuchNamespace");
    EXPECT_EQ(record(uuid).labels, wanted.labels);
    EXPECT_EQ(events_.seen.back(), "renamed www");
    EXPECT_EQ(namespaces_->open(uuid, {}).size(), 1U);
    // The request of that time is still the same request.
    EXPECT_EQ(create(wanted), uuid);
    static_cast<void>(restart());
    EXPECT_EQ(namespaces_->find(Name("www")).uuid, uuid);
}

TEST_F(NamespacesFacade, RenamesToNoTakenName) {
    const auto uuid = create("a");
    create("b");
    std::ofstream(pins() / "c") << "a thing that lies there";
    for (const auto* taken : {"a", "b", "c"})
        EXPECT_EQ(codeOf([&] { namespaces_->rename(uuid, Name(taken)); }), "NameExists") << taken;
    namespaces_->create(request("d", {NamespaceType::Net}), [](const Outcome<Uuid>&) {});
    EXPECT_EQ(codeOf([&] { namespaces_->rename(uuid, Name("d")); }), "NameExists");
    EXPECT_EQ(record(uuid).name.str(), "a");
    loop_.settle();
    EXPECT_EQ(namespaces_->count(), 3U);
    EXPECT_EQ(codeOf([&] { namespaces_->rename(Uuid::random(), Name("x")); }), "NoSuchNamespace");
}

TEST_F(NamespacesFacade, RenameThatFailsChangesNothing) {
    const auto uuid = create("a");
    fs::rename(pins() / "a", pins() / "elsewhere");
    EXPECT_EQ(codeOf([&] { namespaces_->rename(uuid, Name("b")); }), "KernelError");
    EXPECT_EQ(namespaces_->find(Name("a")).uuid, uuid);
    fs::rename(pins() / "elsewhere", pins() / "a");
    namespaces_->rename(uuid, Name("b"));
}

TEST_F(NamespacesFacade, SetsLabelsForGood) {
    const auto uuid = create("web");
    namespaces_->setLabels(uuid, {{"k", "v"}});
    EXPECT_EQ(events_.seen.back(), "labels web");
    static_cast<void>(restart());
    EXPECT_EQ(record(uuid).labels, (Labels{{"k", "v"}}));
    EXPECT_EQ(entries("web"), (Names{"meta", "net"}));
}

TEST_F(NamespacesFacade, KeepsTheOldLabelsWhenTheNewAreNotWritten) {
    const auto uuid = create("web");
    namespaces_->setLabels(uuid, {{"k", "v"}});
    EXPECT_EQ(codeOf([&] { namespaces_->setLabels(uuid, {{"bad key", "v"}}); }), "InvalidArgument");
    fs::create_directory(pins() / "web" / "meta.new"); // in the way
    EXPECT_EQ(codeOf([&] { namespaces_->setLabels(uuid, {}); }), "KernelError");
    EXPECT_EQ(record(uuid).labels, (Labels{{"k", "v"}}));
    fs::remove(pins() / "web" / "meta.new");
    static_cast<void>(restart());
    EXPECT_EQ(record(uuid).labels, (Labels{{"k", "v"}}));
}

TEST_F(NamespacesFacade, AnswersHoldersOfTheKernel) {
    const auto uuid = create("web");
    kernel_.answerHolders({Holder{"fd", 9, "x", "net", "fd 3"}});
    std::vector<Holder> holders;
    namespaces_->holders(
        uuid, [&](Outcome<std::vector<Holder>> outcome) { holders = std::move(outcome).value(); });
    loop_.settle();
    EXPECT_EQ(holders.size(), 1U);
    EXPECT_EQ(kernel_.askedHolders().namespaces.size(), record(uuid).identities.size());
    EXPECT_TRUE(kernel_.hadNetForHolders());
    std::string code;
    namespaces_->holders(Uuid::random(),
        [&](const Outcome<std::vector<Holder>>& outcome) { code = toWord(outcome.error().code()); });
    EXPECT_TRUE(code.empty()) << "answered from inside the call";
    loop_.settle();
    EXPECT_EQ(code, "NoSuchNamespace");
}

TEST_F(NamespacesFacade, LooksForHoldersOfWhatHasNoNetworkOrHasLostIt) {
    const auto ask = [&](const Uuid& uuid) {
        namespaces_->holders(
            uuid, [](const Outcome<std::vector<Holder>>& outcome) { EXPECT_TRUE(outcome.ok()); });
        loop_.settle();
    };
    ask(create(request("plain", {NamespaceType::Uts})));
    EXPECT_FALSE(kernel_.hadNetForHolders());
    const auto lost = create("lost");
    fs::remove(pins() / "lost" / "net");
    ask(lost);
    EXPECT_FALSE(kernel_.hadNetForHolders());
    EXPECT_EQ(record(lost).state, State::Degraded);
}

TEST_F(NamespacesFacade, ShowsTheOwnerWhereItIsPinned) {
    auto wanted = request("web", {NamespaceType::Net});
    wanted.spec.owner = 1000;
    const auto uuid = create(wanted);
    kernel_.answerHolders(
        {Holder{"pin", 0, "", "net", "mounted at /x"}, Holder{"mount", 0, "", "net", "/y"}});
    std::vector<Holder> holders;
    namespaces_->holders(
        uuid, [&](Outcome<std::vector<Holder>> outcome) { holders = std::move(outcome).value(); });
    loop_.settle();
    ASSERT_EQ(holders.size(), 2U);
    EXPECT_EQ(holders[0].uid, record(uuid).owner);
    EXPECT_EQ(holders[1].uid, 4294967295U) << "whose it is, nobody knows";
}

} // namespace
} // namespace nsd::test
