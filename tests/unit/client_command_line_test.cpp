// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What nsctl makes of a command line: options, words, mistakes and exit statuses.
#include "client/help.hpp"
#include "client/remote/ssh.hpp"
#include "client/verbs/verb.hpp"
#include "tests/unit/client_fixture.hpp"

#include <iterator>
#include <sstream>

namespace nsd::test {
namespace {

using namespace std::chrono_literals;
using Words = std::vector<std::string>;

class CommandLine : public ClientTest {};

TEST_F(CommandLine, GlobalOptionsStandBeforeOrBehindTheVerb) {
    EXPECT_EQ(run({"--bus=unix:path=/x", "--no-ask-password", "list", "--json", "short"}), 0);
    EXPECT_EQ(seen.bus, "unix:path=/x");
    EXPECT_FALSE(seen.askPassword);
    EXPECT_EQ(seen.json, client::Globals::Json::Short);
}

TEST_F(CommandLine, AHostGetsTheLineAsItIs) {
    EXPECT_EQ(run({"-q", "-H", "me@there", "--json", "short", "exec", "web", "sh", "-c", "a b"}), 0);
    EXPECT_EQ(remoteHost, "me@there");
    EXPECT_EQ(remoteWords, (Words{"--quiet", "--json=short", "exec", "web", "sh", "-c", "a b"}));
    EXPECT_TRUE(daemon.calls.empty());
    EXPECT_EQ(run({"list", "-H", "there"}), 2) << "the line behind the verb is the host's";
    EXPECT_EQ(run({"-H", "a", "-H", "b", "exec", "web", "true"}), 2);
    EXPECT_NE(console.err.find("list, status, create and destroy"), std::string::npos);
    const auto line = client::sshLine("there", true, {"exec", "it's"});
    EXPECT_EQ(line, (Words{"ssh", "-t", "--", "there", R"(nsctl 'exec' 'it'\''s')"}));
    EXPECT_THROW(static_cast<void>(client::sshLine("-x", false, {})), client::UsageError);
}

TEST_F(CommandLine, OptionsOfAVerbStandBeforeOrBehindTheName) {
    EXPECT_EQ(run({"create", "-t", "uts", "web", "--hostname", "h"}), 0);
    EXPECT_EQ(daemon.createdTypes, NamespaceTypes{NamespaceType::Uts});
    EXPECT_EQ(daemon.created.hostname, "h");
}

TEST_F(CommandLine, CreateMakesNetUnlessTold) {
    EXPECT_EQ(run({"create", "web"}), 0);
    EXPECT_EQ(daemon.createdTypes, NamespaceTypes{NamespaceType::Net});
    EXPECT_EQ(console.out, "");
}

TEST_F(CommandLine, CreatePassesEveryOptionOn) {
    EXPECT_EQ(run({"create", "web", "-t", "all", "--owner", "0", "--label", "a=b", "--label", "c=d=e",
                  "--hostname", "h", "--domainname", "d", "--sysctl", "net.ipv4.ip_forward=1", "--uid-map",
                  "0:100000:65536", "--uid-map", "65536:0:1", "--gid-map", "0:5:1", "--map-root",
                  "--monotonic", "-1h", "--boottime=2d", "--ttl", "90", "--etc", "/"}),
        0);
    const auto& created = daemon.created;
    EXPECT_EQ(daemon.createdTypes, NamespaceTypes::all());
    EXPECT_EQ(created.owner, 0U);
    EXPECT_EQ(created.labels, (client::Labels{{"a", "b"}, {"c", "d=e"}}));
    EXPECT_EQ(created.hostname, "h");
    EXPECT_EQ(created.domainname, "d");
    EXPECT_EQ(created.sysctls.at("net.ipv4.ip_forward"), "1");
    EXPECT_EQ(created.uidMap, (std::vector<IdRange>{{0, 100000, 65536}, {65536, 0, 1}}));
    EXPECT_EQ(created.gidMap, (std::vector<IdRange>{{0, 5, 1}}));
    EXPECT_TRUE(created.mapRoot);
    EXPECT_EQ(created.monotonicOffset, -1h);
    EXPECT_EQ(created.boottimeOffset, 48h);
    EXPECT_EQ(created.ttl, 90s);
    EXPECT_TRUE(created.etc && created.etc->valid());
}

TEST_F(CommandLine, RootlessAddsTypeUser) {
    EXPECT_EQ(run({"create", "web", "--rootless"}), 0);
    EXPECT_EQ(daemon.createdTypes, (NamespaceTypes{NamespaceType::Net, NamespaceType::User}));
    EXPECT_TRUE(daemon.created.rootless);
    EXPECT_EQ(run({"create", "web", "--rootless", "-t", "uts"}), 0);
    EXPECT_EQ(daemon.createdTypes, (NamespaceTypes{NamespaceType::User, NamespaceType::Uts}));
    EXPECT_EQ(run({"create", "web", "-t", "user"}), 0);
    EXPECT_FALSE(daemon.created.rootless);
}

TEST_F(CommandLine, PersistentIsAskedFor) {
    EXPECT_EQ(run({"create", "web"}), 0);
    EXPECT_FALSE(daemon.created.persistent);
    EXPECT_EQ(run({"create", "web", "--persistent"}), 0);
    EXPECT_TRUE(daemon.created.persistent);
}

TEST_F(CommandLine, OwnerMayBeAName) {
    EXPECT_EQ(run({"create", "web", "--owner", "root"}), 0);
    EXPECT_EQ(daemon.created.owner, 0U);
}

TEST_F(CommandLine, OptionsOfExecEndAtTheCommand) {
    EXPECT_EQ(run({"exec", "-t", "net", "web", "-t", "uts", "ls", "-l", "--json=short", "-t", "x"}), 0);
    EXPECT_EQ(daemon.enteredTypes, (NamespaceTypes{NamespaceType::Net, NamespaceType::Uts}));
    EXPECT_EQ(entered.command, (Words{"ls", "-l", "--json=short", "-t", "x"}));
    EXPECT_EQ(seen.json, client::Globals::Json::Off);
}

TEST_F(CommandLine, OptionsOfExecEndAtTwoDashes) {
    EXPECT_EQ(run({"exec", "web", "--close-fds", "--", "-weird", "--", "-t"}), 0);
    EXPECT_EQ(entered.command, (Words{"-weird", "--", "-t"}));
    EXPECT_TRUE(entered.closeFds);
    EXPECT_EQ(run({"exec", "--", "web", "-weird"}), 0);
    EXPECT_EQ(entered.command, (Words{"-weird"}));
}

TEST_F(CommandLine, ExecJoinsAllUnlessTold) {
    EXPECT_EQ(run({"exec", "web", "true"}), 0);
    EXPECT_TRUE(daemon.enteredTypes.empty());
    EXPECT_EQ(run({"exec", "web", "-t", "all", "true"}), 0);
    EXPECT_TRUE(daemon.enteredTypes.empty());
}

TEST_F(CommandLine, ExecEndsAsItsCommandDoes) {
    enterStatus = 42;
    EXPECT_EQ(run({"exec", "web", "false"}), 42);
}

TEST_F(CommandLine, ShellRunsTheUsersShell) {
    ::setenv("SHELL", "/bin/zsh", 1);
    EXPECT_EQ(run({"shell", "web"}), 0);
    EXPECT_EQ(entered.command, Words{"/bin/zsh"});
    ::unsetenv("SHELL");
    EXPECT_EQ(run({"shell", "web"}), 0);
    EXPECT_EQ(entered.command, Words{"/bin/sh"});
}

TEST_F(CommandLine, AMistakeIsOneLineAndExitsWith2) {
    const std::vector<Words> mistakes{{}, {"frobnicate"}, {"--frob"}, {"--json=loud", "list"}, {"--bus"},
        {"create"}, {"create", "a", "b"}, {"create", "web", "-t", "nett"}, {"create", "web", "-t", ""},
        {"create", "web", "-t", "net,net"}, {"create", "web", "--published"},
        {"create", "web", "--map-root=yes"}, {"create", "web", "--label", "a"},
        {"create", "web", "--label", "=a"}, {"create", "web", "--label", "a=1", "--label", "a=2"},
        {"create", "web", "--uid-map", "0:1"}, {"create", "web", "--uid-map", "0:1:-1"},
        {"create", "web", "--uid-map", "0:1:4294967296"},
        {"create", "web", "--owner", "nobody-has-this-name"}, {"create", "web", "--ttl", "-1s"},
        {"create", "web", "--ttl", "infinity"}, {"create", "web", "--hostname"}, {"exec", "web"}, {"exec"},
        {"hold", "web"}, {"hold"}, {"exec", "web", "-t", "foo", "true"}, {"exec", "web", "--frob", "true"},
        {"exec", "web", "--user", "", "true"}, {"list", "web"}, {"list", "--label", "env"}, {"rename", "web"},
        {"rename", "a", "b", "c"}, {"label", "web"}, {"label", "web", "novalue"}, {"label", "web", "-"},
        {"identify", "--pid", "x"}, {"identify", "--pid", "1", "/proc/self/ns/net"}, {"destroy"},
        {"destroy", "web", "--timeout", "soon"}, {"show"}, {"why"}, {"status", "web"}, {"help", "frobnicate"},
        {"grant", "web", "user:0"}, {"grant", "web", "0", "fds"}, {"grant", "web", "role:0", "fds"},
        {"grant", "web", "user:", "fds"}, {"grant", "web", "user:nobody-has-this-name", "fds"},
        {"grant", "web", "group:nobody-has-this-name", "fds"}, {"grant", "web", "user:4294967296", "fds"},
        {"grant", "web", "user:0", "fds,"}, {"revoke", "web", "user:0"}};
    for (const auto& line : mistakes) {
        std::string text;
        for (const auto& word : line)
            text += word + " ";
        EXPECT_EQ(run(line), 2) << text;
        EXPECT_EQ(errorLines(), 1U) << text << console.err;
        EXPECT_EQ(console.err.rfind("nsctl: ", 0), 0U) << console.err;
        EXPECT_EQ(console.out, "") << text;
        EXPECT_TRUE(daemon.calls.empty()) << text;
    }
}

TEST_F(CommandLine, AMistakeIsNamed) {
    run({"create", "web", "--frob"});
    EXPECT_EQ(console.err, "nsctl: create: unknown option \"--frob\" (see nsctl create --help)\n");
    run({"exec", "web", "-x", "true"});
    EXPECT_EQ(console.err, "nsctl: exec: unknown option \"-x\" (see nsctl exec --help)\n");
    run({"create", "web", "--hostname"});
    EXPECT_EQ(console.err, "nsctl: create: option --hostname needs a value (see nsctl create --help)\n");
    run({"create", "web", "--map-root=yes"});
    EXPECT_EQ(console.err, "nsctl: create: option --map-root takes no value (see nsctl create --help)\n");
    run({"exec", "web"});
    EXPECT_EQ(console.err, "nsctl: exec: no COMMAND was given (see nsctl exec --help)\n");
    run({"rename", "web"});
    EXPECT_EQ(console.err, "nsctl: rename: no NEW was given (see nsctl rename --help)\n");
}

TEST_F(CommandLine, AnOptionThatWasMistypedIsGuessedAtButNotTaken) {
    EXPECT_EQ(run({"create", "web", "--lable", "a=b"}), 2);
    EXPECT_EQ(
        console.err, "nsctl: create: unknown option \"--lable\", is it --label? (see nsctl create --help)\n");
    EXPECT_EQ(run({"--quite", "list"}), 2);
    EXPECT_EQ(console.err, "nsctl: unknown option \"--quite\", is it --quiet? (see nsctl --help)\n");
    EXPECT_TRUE(daemon.calls.empty());
}

TEST_F(CommandLine, AnEmptyValueIsNotTheNextWord) {
    EXPECT_EQ(run({"create", "--hostname=", "web"}), 0);
    EXPECT_EQ(daemon.created.hostname, "");
    EXPECT_EQ(daemon.calls, Words{"create web"});
}

TEST_F(CommandLine, AVerbThatWasMistypedIsGuessedAtButNotRun) {
    EXPECT_EQ(run({"lst"}), 2);
    EXPECT_EQ(console.err, "nsctl: there is no verb \"lst\", is it list? (see nsctl --help)\n");
    EXPECT_EQ(run({"destory", "web"}), 2);
    EXPECT_NE(console.err.find("is it destroy?"), std::string::npos);
    EXPECT_EQ(run({"web", "list"}), 2);
    EXPECT_EQ(console.err, "nsctl: there is no verb \"web\" (see nsctl --help)\n");
    EXPECT_TRUE(daemon.calls.empty());
}

TEST_F(CommandLine, AnAbbreviationThatFitsTwoOptionsIsNotGuessed) {
    EXPECT_EQ(run({"create", "web", "--no-"}), 2);
    EXPECT_NE(console.err.find("--no-legend or --no-ask-password?"), std::string::npos) << console.err;
    EXPECT_EQ(run({"destroy", "web", "--forc"}), 0);
    EXPECT_TRUE(daemon.destroyOptions.force);
}

TEST_F(CommandLine, NoDaemonIs3AndForACommand125) {
    daemon.running = false;
    for (const auto* verb : {"list", "status"})
        EXPECT_EQ(run({verb}), 3);
    for (const auto* verb : {"create", "show", "why", "destroy"})
        EXPECT_EQ(run({verb, "web"}), 3);
    EXPECT_EQ(console.err, "nsctl: destroy web: nsd is not running\n");
    EXPECT_EQ(run({"exec", "web", "true"}), 125);
    EXPECT_EQ(run({"shell", "web"}), 125);
}

TEST_F(CommandLine, VersionAndHelpNeedNoDaemon) {
    daemon.running = false;
    for (const auto& line : std::vector<Words>{{"version"}, {"--version"}, {"list", "--version"}}) {
        EXPECT_EQ(run(line), 0);
        EXPECT_EQ(console.out.rfind("nsctl 0.", 0), 0U) << console.out;
    }
    EXPECT_EQ(run({"--help"}), 0);
    for (const auto* verb : client::allVerbs())
        EXPECT_NE(console.out.find(verb->summary), std::string::npos) << verb->name;
}

TEST_F(CommandLine, HelpOfEachVerbHasAnExampleThatCanBeRead) {
    for (const auto* verb : client::allVerbs()) {
        EXPECT_EQ(run({verb->name, "-h"}), 0);
        const std::string example = std::string("\nExample: ") + verb->example + "\n";
        EXPECT_NE(console.out.find(example), std::string::npos) << verb->name;
        EXPECT_EQ(std::string(verb->example).rfind(std::string("nsctl ") + verb->name, 0), 0U)
            << verb->example;
        std::istringstream stream(verb->example);
        const Words words{std::istream_iterator<std::string>(stream), {}};
        std::vector<client::Option> options(verb->options.begin(), verb->options.end());
        options.insert(options.end(), client::globalOptions().begin(), client::globalOptions().end());
        EXPECT_NO_THROW(client::checkWords(
            verb->words, client::parseLine(options, verb->words, {words.begin() + 2, words.end()})))
            << verb->example;
        const auto byVerb = console.out;
        EXPECT_EQ(run({"help", verb->name}), 0);
        EXPECT_EQ(console.out, byVerb);
    }
}

TEST_F(CommandLine, AliasesAreTheSameVerb) {
    EXPECT_EQ(run({"ls"}), 0);
    EXPECT_EQ(run({"rm", "web"}), 0);
    EXPECT_EQ(daemon.calls, (Words{"list", "destroy web"}));
}

} // namespace
} // namespace nsd::test
