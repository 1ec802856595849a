// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Veth pairs that nsd makes, with a namespace and for one that is there.
#include "tests/unit/core/link_fixture.hpp"

#include <sys/resource.h>

namespace nsd::test {
namespace {

using Names = std::vector<std::string>;

class LinkAdditionTest : public LinkTest {
  protected:
    [[nodiscard]] static CreateRequest linked(std::vector<LinkRequest> links) {
        auto wanted = request("linked", {NamespaceType::Net});
        wanted.spec.links = std::move(links);
        return wanted;
    }
    std::string createLinked(std::vector<LinkRequest> links) {
        return textOf([&] { create(linked(std::move(links))); });
    }
};

TEST_F(LinkAdditionTest, aLinkWithTheHost) {
    EXPECT_EQ(add({.name = "up0",
                  .peer = "web0",
                  .addresses = {"10.0.0.2/24"},
                  .peerAddresses = {"10.0.0.1/24"},
                  .routes = {"default via 10.0.0.1"},
                  .mtu = 1400}),
        "done");
    EXPECT_EQ(links_.find(inside(web_), "up0")->addresses, Names{"10.0.0.2/24"});
    EXPECT_EQ(links_.find(FakeLinks::host, "web0")->addresses, Names{"10.0.0.1/24"});
    EXPECT_EQ(links_.lastVeth()->mtu, 1400U);
    EXPECT_EQ(links_.lastVeth()->inside.routes.at(0).str(), "default via 10.0.0.1");
    EXPECT_TRUE(record(web_).unfinishedVeths.empty());
    EXPECT_EQ(events_.seen.back(), "links web");
}

TEST_F(LinkAdditionTest, aPeerOnTheHostWithoutANameGetsOneOfItsOwn) {
    EXPECT_EQ(add({.name = "a"}), "done");
    EXPECT_EQ(add({.name = "b"}), "done");
    EXPECT_EQ(links_.names(FakeLinks::host).size(), 3U);
}

TEST_F(LinkAdditionTest, aLinkBetweenTwoHasOneNameWhereNoneIsGiven) {
    const auto box = create("box");
    EXPECT_EQ(add({.name = "mid", .peerNamespace = "box"}, box), "done");
    EXPECT_EQ(links_.names(inside(box)), Names{"mid"});
    EXPECT_EQ(links_.names(inside(web_)), Names{"mid"});
}

TEST_F(LinkAdditionTest, badInputIsRefusedAndNothingMade) {
    const std::vector<std::pair<LinkRequest, std::string>> cases{
        {{.name = ""}, "needs a name"},
        {{.name = "sixteen-bytes-xx"}, "sixteen-bytes-xx"},
        {{.name = "a/b"}, "a/b"},
        {{.name = "lo"}, "two links have the name"},
        {{.name = "a", .peer = "b b"}, "b b"},
        {{.name = "a", .addresses = {"10.0.0.1/33"}}, "10.0.0.1/33"},
        {{.name = "a", .addresses = {"ten"}}, "ten"},
        {{.name = "a", .addresses = {"10.0.0.1/8", "10.0.0.1/8"}}, "twice"},
        {{.name = "a", .peerAddresses = {"fd00::/129"}}, "fd00::/129"},
        {{.name = "a", .routes = {"default"}}, "default"},
        {{.name = "a", .routes = {"10.0.0.0/8 via fd00::1"}}, "fd00::1"},
        {{.name = "a", .mtu = 67}, "67"},
    };
    for (const auto& [link, part] : cases) {
        const auto text = add(link);
        EXPECT_NE(text.find(part), std::string::npos) << link.name << ": " << text;
        EXPECT_NE(code_, "none");
        EXPECT_NE(createLinked({link}).find(part), std::string::npos) << link.name;
    }
    EXPECT_EQ(add({.name = "a", .peerNamespace = "web"}, web_),
        "the other end of link \"a\" cannot be in the same namespace");
    EXPECT_EQ(links_.names(inside(web_)), Names{});
    EXPECT_FALSE(namespaces_->has(Name("linked")));
}

TEST_F(LinkAdditionTest, aNameThatIsTakenIsSaid) {
    EXPECT_EQ(add({.name = "a", .peer = "eth0"}), "there is a link \"eth0\" already");
    EXPECT_EQ(links_.names(inside(web_)), Names{});
    EXPECT_TRUE(record(web_).unfinishedVeths.empty());
}

TEST_F(LinkAdditionTest, onePairThatNobodyWasToldOfGoesAtTheNextStart) {
    links_.hold();
    namespaces_->links().add(web_, {.name = "a", .peer = "b"}, std::nullopt, [](const auto& /*outcome*/) {});
    loop_.settle();
    EXPECT_EQ(links_.names(inside(web_)), Names{"a"});
    restart();
    EXPECT_EQ(record(web_).unfinishedVeths.size(), 1U);
    links_.release();
    loop_.settle();
    EXPECT_EQ(links_.names(inside(web_)), Names{});
    EXPECT_EQ(links_.names(FakeLinks::host), Names{"eth0"});
    EXPECT_TRUE(record(web_).unfinishedVeths.empty());
}

// There is no descriptor left to write it down, nor to take the pair back.
TEST_F(LinkAdditionTest, aPairThatCanBeNeitherRecordedNorTakenBackGoesAtTheNextStart) {
    links_.hold();
    std::string code = "no answer";
    namespaces_->links().add(web_, {.name = "a", .peer = "b"}, std::nullopt,
        [&](const auto& outcome) { code = outcome.ok() ? "none" : toWord(outcome.error().code()); });
    loop_.settle();
    links_.release();
    rlimit limit{};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &limit), 0);
    const rlimit none{0, limit.rlim_max};
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
    EXPECT_NO_THROW(loop_.settle());
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &limit), 0);
    EXPECT_EQ(code, "LimitExceeded");
    EXPECT_EQ(log_.warnings.size(), 1U);
    EXPECT_EQ(record(web_).unfinishedVeths.size(), 1U);
    restart();
    EXPECT_EQ(links_.names(inside(web_)), Names{});
    EXPECT_EQ(links_.names(FakeLinks::host), Names{"eth0"});
    EXPECT_TRUE(record(web_).unfinishedVeths.empty());
}

TEST_F(LinkAdditionTest, aNewNamespaceHasItsLinksWhenItIsSeen) {
    const auto uuid = create(linked({{.name = "a", .peer = "ha"}, {.name = "b", .peerNamespace = "web"}}));
    EXPECT_EQ(links_.names(inside(uuid)), (Names{"a", "b"}));
    EXPECT_EQ(links_.names(inside(web_)), Names{"b"});
    EXPECT_EQ(links_.names(FakeLinks::host), (Names{"eth0", "ha"}));
    EXPECT_EQ(record(uuid).spec.links.size(), 2U);
    restart();
    EXPECT_EQ(record(uuid).spec.links.at(1).peerNamespace, "web");
}

TEST_F(LinkAdditionTest, allOfThemOrNothing) {
    EXPECT_EQ(createLinked({{.name = "a", .peer = "ha"}, {.name = "b", .peer = "eth0"}}),
        "there is a link \"eth0\" already");
    EXPECT_EQ(links_.names(FakeLinks::host), Names{"eth0"});
    EXPECT_FALSE(namespaces_->has(Name("linked")));
    expectNoLeftovers();
    EXPECT_EQ(createLinked({{.name = "a", .peerNamespace = "none"}}),
        "there is no namespace \"none\", where the other end of link \"a\" goes");
    EXPECT_EQ(links_.names(FakeLinks::host), Names{"eth0"});
    expectNoLeftovers();
}

TEST_F(LinkAdditionTest, aCreateThatFailsBehindItsLinksTakesThemBack) {
    auto wanted = linked({{.name = "a", .peer = "ha"}});
    links_.hold();
    std::string code = "no answer";
    namespaces_->create(std::move(wanted),
        [&](const auto& outcome) { code = outcome.ok() ? "none" : toWord(outcome.error().code()); });
    loop_.settle();
    std::filesystem::create_directory(pins() / "linked"); // in the way of the commit
    links_.release();
    loop_.settle();
    EXPECT_EQ(code, "NameExists");
    EXPECT_EQ(links_.names(FakeLinks::host), Names{"eth0"});
    std::filesystem::remove(pins() / "linked");
    expectNoLeftovers();
}

TEST_F(LinkAdditionTest, theRulesBetweenLinks) {
    EXPECT_EQ(createLinked({{.name = "a"}, {.name = "a"}}), "two links have the name \"a\"");
    EXPECT_EQ(createLinked({{.name = "a", .peer = "x"}, {.name = "b", .peer = "x"}}),
        "two links have the peer \"x\"");
    auto wanted = linked({{.name = "a"}});
    wanted.spec.types = {NamespaceType::Uts};
    EXPECT_EQ(textOf([&] { create(std::move(wanted)); }), "links needs type net");
}

} // namespace
} // namespace nsd::test
