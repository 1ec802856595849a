// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What nsctl answers the shells that complete its lines (tests/system/completion_test has the shells).
#include "client/completion/completion.hpp"
#include "client/completion/line_position.hpp"
#include "daemon/core/rights.hpp"
#include "tests/unit/client_fixture.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <sstream>
#include <unistd.h>

namespace nsd::test {
namespace {

using Words = std::vector<std::string>;
using Texts = std::set<std::string>;

class Completing : public ClientTest {
  protected:
    Completing() {
        auto& web = daemon.namespaces["web"];
        web.name = "web";
        web.types = {"net", "uts"};
        web.state = "ready";
        web.labels = {{"env", "test"}};
        auto& box = daemon.namespaces["box"];
        box.name = "box";
        box.types = {"pid"};
        box.state = "degraded";
        box.labels = {{"env", "prod"}, {"tier", "a b"}};
    }

    // The lines that `nsctl __complete` prints; empty at the end: what is typed begins with nothing.
    std::vector<std::string> lines(Words words) {
        words.insert(words.begin(), client::completionVerb);
        EXPECT_EQ(run(words), 0);
        EXPECT_EQ(console.err, "");
        std::vector<std::string> all;
        for (std::size_t at = 0; at < console.out.size();) {
            const auto end = console.out.find('\n', at);
            all.push_back(console.out.substr(at, end - at));
            at = end + 1;
        }
        return all;
    }
    Texts words(const Words& line) {
        Texts texts;
        for (const auto& answer : lines(line))
            texts.insert(answer.substr(0, answer.find('\t')));
        return texts;
    }
    bool offers(const Words& line, const std::string& word) { return words(line).contains(word); }
};

TEST_F(Completing, KnowsWhatEveryWordIs) {
    for (const auto* verb : client::allVerbs()) {
        auto placeholders = client::placeholdersOf(verb->words.synopsis);
        if (verb->words.command) // the rest is another's line
            placeholders.resize(std::min(placeholders.size(), verb->words.own));
        for (const auto& placeholder : placeholders)
            EXPECT_TRUE(client::isWordKnown(placeholder)) << verb->name << " " << placeholder;
    }
}

TEST_F(Completing, OffersEveryVerbWithItsSummary) {
    const auto answers = lines({""});
    for (const auto* verb : client::allVerbs())
        EXPECT_NE(std::find(answers.begin(), answers.end(), verb->name + ("\t" + std::string(verb->summary))),
            answers.end())
            << verb->name;
    EXPECT_EQ(answers.size(), client::allVerbs().size());
    EXPECT_TRUE(daemon.calls.empty());
}

TEST_F(Completing, OffersEveryOptionOfEveryVerb) {
    for (const auto* verb : client::allVerbs()) {
        const auto offered = words({verb->name, "-"});
        for (const auto& option : client::optionsFor(verb)) {
            const std::string value = option.value != nullptr ? "=" : "";
            EXPECT_TRUE(offered.contains("--" + (option.name + value))) << verb->name << " " << option.name;
            if (option.letter != '\0') {
                EXPECT_TRUE(offered.contains(std::string{'-', option.letter})) << verb->name;
            }
        }
    }
    EXPECT_TRUE(offers({"-"}, "--json="));
    EXPECT_FALSE(offers({"-"}, "--types="));
}

TEST_F(Completing, OffersNamespaces) {
    EXPECT_EQ(lines({"exec", ""}), (Words{"box\tpid, degraded", "web\tnet,uts"}));
    EXPECT_EQ(words({"destroy", "--force", "web", ""}), Texts{"box"});
    EXPECT_EQ(words({"rename", ""}), (Texts{"box", "web"}));
    EXPECT_EQ(words({"rename", "web", ""}), Texts{});
    EXPECT_EQ(words({"create", ""}), Texts{});
    EXPECT_FALSE(seen.askPassword);
}

TEST_F(Completing, AsksTheBusThatTheLineNames) {
    (void)words({"--bus=unix:path=/x", "show", ""});
    EXPECT_EQ(seen.bus, "unix:path=/x");
}

TEST_F(Completing, SaysNothingWithoutADaemon) {
    daemon.running = false;
    EXPECT_EQ(words({"exec", ""}), Texts{});
    EXPECT_EQ(words({"list", "--label", ""}), Texts{});
    EXPECT_EQ(words({"exec", "web", "-t", "n"}), words({"create", "-t", "n"}));
}

TEST_F(Completing, OffersTypesAndWhatComesBehindAComma) {
    EXPECT_EQ(words({"create", "-t", ""}).size(), 9U);
    EXPECT_EQ(words({"create", "-t", "net,"}),
        (Texts{"net,cgroup", "net,ipc", "net,mnt", "net,pid", "net,time", "net,user", "net,uts"}));
    EXPECT_TRUE(offers({"create", "--types=net,u"}, "--types=net,uts"));
    EXPECT_TRUE(offers({"create", "-tnet,u"}, "-tnet,uts"));
    EXPECT_TRUE(offers({"create", "--ty", "n"}, "net")); // as the line is read
}

TEST_F(Completing, OffersLabels) {
    EXPECT_EQ(words({"list", "--label", ""}), (Texts{"env=prod", "env=test", "tier=a b"}));
    EXPECT_EQ(words({"label", "web", ""}), (Texts{"env=", "env-", "tier="}));
    EXPECT_EQ(words({"create", "x", "--sysctl", ""}), Texts{});
}

TEST_F(Completing, OffersTheColumnsOfList) {
    EXPECT_EQ(run({"help", "list"}), 0);
    const auto help = console.out;
    const auto at = help.find(" or all: ");
    ASSERT_NE(at, std::string::npos);
    std::istringstream stream(help.substr(at + 9, help.find('\n', at) - at - 9));
    Texts columns{std::istream_iterator<std::string>(stream), {}};
    columns.insert("all");
    EXPECT_EQ(words({"list", "-o", ""}), columns);
}

TEST_F(Completing, OffersWhatTheVerbsTake) {
    for (const auto& state : words({"list", "--state", ""}))
        EXPECT_EQ(run({"list", "--state", state}), 0) << state;
    for (const auto& column : words({"list", "-o", ""}))
        EXPECT_EQ(run({"list", "-o", column}), 0) << column;
    for (const auto& how : words({"run", "--propagation", ""}))
        EXPECT_EQ(run({"run", "-t", "mnt", "--propagation", how, "--", "true"}), 0) << how;
    for (const auto& what : words({"wait", "web", "--for", ""}))
        EXPECT_NE(run({"wait", "web", "--timeout=0", "--for", what}), 2) << what;
    EXPECT_EQ(words({"list", "--state", ""}).size(), 3U);
    EXPECT_EQ(words({"run", "--propagation", ""}).size(), 4U);
    EXPECT_EQ(words({"wait", "web", "--for", ""}).size(), 3U);
}

TEST_F(Completing, OffersNoNamesOfAnotherMachine) {
    EXPECT_EQ(words({"--host=elsewhere", "show", ""}), Texts{});
    EXPECT_EQ(words({"-H", "elsewhere", "show", ""}), Texts{});
    EXPECT_TRUE(offers({"-H", "elsewhere", ""}, "show"));
    EXPECT_TRUE(offers({"-"}, "--host="));
}

TEST_F(Completing, OffersWhoIsGrantedWhat) {
    EXPECT_EQ(words({"grant", "web", ""}), (Texts{"user:", "group:"}));
    EXPECT_TRUE(offers({"grant", "web", "user:"}, "user:root"));
    EXPECT_TRUE(offers({"grant", "web", "group:r"}, "group:root"));
    Texts rights;
    for (const auto& rule : rightRules())
        if (rule.grantable)
            rights.insert(std::string(rule.word));
    EXPECT_EQ(words({"grant", "web", "user:root", ""}), rights);
    EXPECT_EQ(words({"revoke", "web", "user:root", "view", ""}), rights);
    EXPECT_TRUE(offers({"grant", "web", "user:root", "view,h"}, "view,hold"));
    EXPECT_TRUE(offers({"create", "x", "--owner", ""}, "root"));
}

TEST_F(Completing, OffersProcesses) {
    EXPECT_TRUE(offers({"identify", "--pid", ""}, std::to_string(::getpid())));
    EXPECT_TRUE(offers({"adopt", "x", "--pid="}, "--pid=" + std::to_string(::getpid())));
}

TEST_F(Completing, LeavesFilesToTheShell) {
    EXPECT_EQ(lines({"identify", "/e"}), Words{":files 0"});
    EXPECT_EQ(lines({"adopt", "x", "net=/e"}), Words{":files 4"});
    EXPECT_TRUE(offers({"adopt", "x", ""}, "net="));
    EXPECT_EQ(lines({"unit", "--root=/e"}), Words{":directories 7"});
    EXPECT_EQ(lines({"unit", "--root", "/e"}), Words{":directories 0"});
}

TEST_F(Completing, LeavesCommandsToTheShell) {
    EXPECT_EQ(lines({"exec", "web", ""}), Words{":command 2"});
    EXPECT_EQ(lines({"exec", "web", "ip", "-"}), Words{":command 2"});
    EXPECT_EQ(lines({"exec", "-t", "net", "web", "--", "-"}), Words{":command 5"});
    EXPECT_EQ(lines({"-q", "exec", "--", "web", "ip", "a"}), Words{":command 4"});
    EXPECT_TRUE(offers({"exec", "web", "-"}, "--types="));
    EXPECT_TRUE(offers({"socket", "web", ""}, "tcp:"));
    EXPECT_EQ(lines({"socket", "web", "tcp", ""}), Words{":command 3"});
}

TEST_F(Completing, OffersOptionsWhereNoWordIsLeft) {
    EXPECT_TRUE(offers({"list", ""}, "--label="));
    EXPECT_TRUE(offers({"create", "x", ""}, "--types="));
    EXPECT_EQ(words({"list", "--", ""}), Texts{});
}

TEST_F(Completing, SaysNothingOfWhatItDoesNotKnow) {
    EXPECT_EQ(words({"nonsense", ""}), Texts{});
    EXPECT_EQ(words({"create", "--hostname", ""}), Texts{});
    EXPECT_EQ(words({}), words({""}));
}

TEST_F(Completing, OneCandidateIsOneLine) {
    daemon.namespaces["web"].labels = {{"env", "two\nlines\tlong"}};
    for (const auto& line : lines({"list", "--label", ""}))
        EXPECT_EQ(std::count(line.begin(), line.end(), '\t'), 1) << line;
}

TEST(Placeholders, AreTheWordsOfASynopsis) {
    EXPECT_EQ(client::placeholdersOf("NAME [--] COMMAND…"), (Words{"NAME", "COMMAND"}));
    EXPECT_EQ(client::placeholdersOf("NAME --pid PID | TYPE=FILE…"), (Words{"NAME", "TYPE=FILE"}));
    EXPECT_EQ(client::placeholdersOf("[NAME…]"), Words{"NAME"});
    EXPECT_EQ(client::placeholdersOf(""), Words{});
}

} // namespace
} // namespace nsd::test
