// SPDX-License-Identifier: LGPL-2.1-or-later
//
// nsctl unit: names of units, what is written for them, and what happens to what is there already.
#include "client/cli/arguments.hpp"
#include "client/unit/drop_in.hpp"
#include "client/unit/unit_name.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/unit/client_fixture.hpp"

#include <filesystem>
#include <sys/stat.h>

namespace nsd::test {
namespace {

namespace fs = std::filesystem;
using client::parseUnitName;
using Type = NamespaceType;
using Words = std::vector<std::string>;

TEST(UnitName, WithoutATypeIsAService) {
    EXPECT_EQ(parseUnitName("nginx").name, "nginx.service");
    EXPECT_EQ(parseUnitName("org.example.web").name, "org.example.web.service");
    EXPECT_EQ(parseUnitName("getty@tty1").name, "getty@tty1.service");
    EXPECT_STREQ(parseUnitName("nginx.service").section, "Service");
    EXPECT_STREQ(parseUnitName("nginx.socket").section, "Socket");
    EXPECT_STREQ(parseUnitName("srv-nfs\\x2dweb.mount").section, "Mount");
    EXPECT_STREQ(parseUnitName("dev-sda2.swap").section, "Swap");
}

TEST(UnitName, OfATemplateIsKnown) {
    EXPECT_TRUE(parseUnitName("getty@.service").isTemplate());
    EXPECT_TRUE(parseUnitName("getty@").isTemplate());
    EXPECT_FALSE(parseUnitName("getty@tty1.service").isTemplate());
    EXPECT_FALSE(parseUnitName("getty.service").isTemplate());
}

TEST(UnitName, ThatIsNoneOrRunsNothingIsWrongUsage) {
    for (const std::string text : {"", "a b", "../x", "a/b.service", "@x.service", ".service", "x\n.service",
             "x%.service", "multi-user.target", "x.timer", "x.path", "x.slice", "x.scope", "x.device",
             "x.automount", "nsd", "nsd.service", "nsd@web", "nsd-keep.service"})
        EXPECT_THROW(static_cast<void>(parseUnitName(text)), client::UsageError) << text;
    EXPECT_THROW(static_cast<void>(parseUnitName(std::string(248, 'a'))), client::UsageError);
    EXPECT_NO_THROW(static_cast<void>(parseUnitName(std::string(247, 'a'))));
}

TEST(DropIn, TypesAreThoseThatThisSystemdKnows) {
    EXPECT_EQ(client::typesJoinedBySystemd(247), NamespaceTypes{Type::Net});
    EXPECT_EQ(client::typesJoinedBySystemd(252), (NamespaceTypes{Type::Ipc, Type::Net}));
    EXPECT_EQ(client::typesJoinedBySystemd(258), (NamespaceTypes{Type::Ipc, Type::Net}));
    EXPECT_EQ(client::typesJoinedBySystemd(259), (NamespaceTypes{Type::Ipc, Type::Net, Type::User}));
}

TEST(DropIn, WordsAreReadBackAsTheyWere) {
    EXPECT_EQ(client::quotedForUnit("/usr/sbin/nginx"), "/usr/sbin/nginx");
    EXPECT_EQ(client::quotedForUnit("$OPTIONS"), "$OPTIONS");
    EXPECT_EQ(client::quotedForUnit("50%"), "50%%");
    EXPECT_EQ(client::quotedForUnit(""), "\"\"");
    EXPECT_EQ(client::quotedForUnit(";"), "\";\"");
    EXPECT_EQ(client::quotedForUnit("a \"b\" \\ 'c'"), R"("a \"b\" \\ 'c'")");
    EXPECT_EQ(client::quotedForUnit("line\n"), R"("line\x0a")");
}

class UnitVerb : public ClientTest {
  protected:
    UnitVerb() {
        add("web", {"net"});
        add("mail", {"ipc", "net"});
        add("box", {"mnt", "net", "pid"});
        add("home", {"net", "user"});
    }
    void add(const std::string& name, const Words& types) {
        client::NamespaceDetails details;
        details.name = name;
        details.types = types;
        for (const auto& type : types)
            details.pins[type] = "/run/nsd/ns/" + name + "/" + type;
        daemon.namespaces[name] = details;
    }
    int runBelow(Words line) {
        line.push_back("--root=" + root.path().string());
        return run(line);
    }
    [[nodiscard]] fs::path dropIn(const std::string& unit) const {
        return root / ("etc/systemd/system/" + unit + ".d/50-nsd.conf");
    }

    TempDir root;
};

constexpr auto ofWeb = "# Written by nsctl: joins the namespace web\n"
                       "# To take it back: nsctl unit --remove web nginx.service\n"
                       "[Unit]\nBindsTo=nsd@web.service\nAfter=nsd@web.service\n\n"
                       "[Service]\nNetworkNamespacePath=/run/nsd/ns/web/net\n";

TEST_F(UnitVerb, PrintsWhatItWouldWriteAndWhere) {
    EXPECT_EQ(run({"unit", "--print", "web", "nginx"}), 0) << console.err;
    EXPECT_EQ(console.out, std::string("# /etc/systemd/system/nginx.service.d/50-nsd.conf\n") + ofWeb);
    EXPECT_EQ(daemon.calls, Words{"show web"});
    EXPECT_EQ(systemd.reloads, 0);
}

TEST_F(UnitVerb, JoinsAllTypesOfTheNamespaceInTheSectionOfTheUnit) {
    EXPECT_EQ(run({"unit", "--print", "mail", "smtp.socket"}), 0) << console.err;
    EXPECT_NE(console.out.find("[Socket]\nNetworkNamespacePath=/run/nsd/ns/mail/net\n"
                               "IPCNamespacePath=/run/nsd/ns/mail/ipc\n"),
        std::string::npos)
        << console.out;
    EXPECT_EQ(run({"unit", "--print", "-t", "ipc", "mail", "smtp@.service"}), 0) << console.err;
    EXPECT_NE(console.out.find("[Service]\nIPCNamespacePath=/run/nsd/ns/mail/ipc\n"), std::string::npos);
    EXPECT_EQ(console.out.find("NetworkNamespacePath"), std::string::npos);
    systemd.version = 259;
    EXPECT_EQ(run({"unit", "--print", "home", "x"}), 0) << console.err;
    EXPECT_NE(console.out.find("\nUserNamespacePath=/run/nsd/ns/home/user\n"), std::string::npos);
}

TEST_F(UnitVerb, HasFilesOfItsOwnInEtcSeenWithTheNetwork) {
    for (const auto* const name : {"web", "mail"})
        daemon.namespaces[name].etcFiles = {"resolv.conf"};
    EXPECT_EQ(run({"unit", "--print", "web", "nginx"}), 0) << console.err;
    EXPECT_NE(console.out.find("\nBindReadOnlyPaths=/run/nsd/ns/web/etc:/etc\n"), std::string::npos)
        << console.out;
    EXPECT_EQ(run({"unit", "--print", "-t", "ipc", "mail", "x"}), 0) << console.err;
    EXPECT_EQ(console.out.find("BindReadOnlyPaths"), std::string::npos) << console.out;
}

TEST_F(UnitVerb, DependsOnTheServiceAndOnNoMount) {
    EXPECT_EQ(run({"unit", "--print", "mail", "x"}), 0);
    EXPECT_EQ(console.out.find("Mount"), std::string::npos) << console.out;
    EXPECT_EQ(console.out.find("\nRequires"), std::string::npos) << console.out;
}

TEST_F(UnitVerb, NamesWhatSystemdCannotJoinAndHowToDoIt) {
    systemd.startCommands = {{"/usr/sbin/nginx", "-g", "daemon off;"}};
    EXPECT_EQ(run({"unit", "box", "nginx"}), 1);
    EXPECT_EQ(console.err, "nsctl: unit box: systemd cannot join its mnt, pid: choose others with -t, or "
                           "have nsctl start the programs, by these lines\n");
    EXPECT_NE(console.out.find("BindsTo=nsd@box.service\n"), std::string::npos) << console.out;
    EXPECT_NE(console.out.find("NotifyAccess=all\nExecStart=\nExecStart=nsctl exec box -t mnt,net,pid -- "
                               "/usr/sbin/nginx -g \"daemon off;\"\n"),
        std::string::npos)
        << console.out;
    EXPECT_EQ(systemd.reloads, 0);
    EXPECT_EQ(run({"unit", "home", "x"}), 1) << "an older systemd";
    EXPECT_NE(console.err.find("cannot join its user:"), std::string::npos) << console.err;
    EXPECT_EQ(run({"unit", "--print", "-t", "net", "box", "nginx"}), 0) << console.err;
}

TEST_F(UnitVerb, OffersATemplateWhereTheCommandIsNotKnown) {
    systemd.startCommands = {{"/bin/wrong"}};
    EXPECT_EQ(run({"unit", "box", "nginx@.service"}), 1);
    EXPECT_NE(console.out.find("ExecStart=nsctl exec box -t mnt,net,pid -- COMMAND…\n"), std::string::npos)
        << console.out;
    EXPECT_EQ(run({"unit", "box", "nginx.socket"}), 1);
    EXPECT_EQ(console.err, "nsctl: unit box: systemd cannot join its mnt, pid: choose others with -t\n");
    EXPECT_EQ(console.out, "");
}

TEST_F(UnitVerb, ATypeThatIsNotThereIsAnError) {
    EXPECT_EQ(run({"unit", "--print", "-t", "net,ipc", "web", "x"}), 1);
    EXPECT_EQ(console.err, "nsctl: unit web: it has net, and not all of ipc, net\n");
}

TEST_F(UnitVerb, ANamespaceThatIsStillToBeMadeNeedsTypes) {
    EXPECT_EQ(run({"unit", "--print", "later", "x"}), 1);
    EXPECT_EQ(console.err, "nsctl: unit later: there is no namespace \"later\"\n");
    EXPECT_EQ(run({"unit", "--print", "-t", "net", "later", "x"}), 0) << console.err;
    EXPECT_NE(console.out.find("\nNetworkNamespacePath=/run/nsd/ns/later/net\n"), std::string::npos);
}

TEST_F(UnitVerb, WithoutASystemdToAskTheOldestIsTaken) {
    systemd.running = false;
    EXPECT_EQ(run({"unit", "--print", "mail", "x"}), 0) << console.err;
    EXPECT_EQ(run({"unit", "--print", "home", "x"}), 1);
}

TEST_F(UnitVerb, WritesForASystemThatIsNotRunningAndAsksNobody) {
    daemon.running = false;
    ::umask(077);
    EXPECT_EQ(runBelow({"unit", "web", "nginx"}), 0) << console.err;
    ::umask(022);
    EXPECT_EQ(readFile(dropIn("nginx.service")), ofWeb);
    struct stat status {};
    ASSERT_EQ(::stat(dropIn("nginx.service").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 07777U, 0644U);
    EXPECT_EQ(std::distance(fs::directory_iterator(dropIn("nginx.service").parent_path()), {}), 1)
        << "no temporary file is left";
    EXPECT_EQ(systemd.reloads, 0);
    EXPECT_EQ(runBelow({"unit", "--json=short", "web", "nginx"}), 0);
    EXPECT_EQ(console.out, "{\"name\":\"web\",\"unit\":\"nginx.service\",\"path\":\"/etc/systemd/system/"
                           "nginx.service.d/50-nsd.conf\"}\n");
}

TEST_F(UnitVerb, ItsOwnDropInIsReplacedAndTakenBack) {
    EXPECT_EQ(runBelow({"unit", "web", "nginx"}), 0);
    EXPECT_EQ(runBelow({"unit", "-t", "net", "mail", "nginx"}), 0) << console.err;
    EXPECT_NE(readFile(dropIn("nginx.service")).find("BindsTo=nsd@mail.service"), std::string::npos);
    EXPECT_EQ(runBelow({"unit", "--remove", "web", "nginx"}), 1);
    EXPECT_EQ(console.err, "nsctl: unit web: nginx.service joins mail, not web\n");
    EXPECT_EQ(runBelow({"unit", "--remove", "mail", "nginx"}), 0) << console.err;
    EXPECT_FALSE(fs::exists(dropIn("nginx.service").parent_path()));
    EXPECT_EQ(runBelow({"unit", "--remove", "mail", "nginx"}), 1);
    EXPECT_NE(
        console.err.find("there is no /etc/systemd/system/nginx.service.d/50-nsd.conf"), std::string::npos);
}

TEST_F(UnitVerb, AnothersDropInIsLeftAlone) {
    const auto file = dropIn("nginx.service");
    fs::create_directories(file.parent_path());
    writeFile(file, "[Service]\nNice=1\n");
    for (const auto& line : {Words{"unit", "web", "nginx"}, Words{"unit", "--remove", "web", "nginx"}}) {
        EXPECT_EQ(runBelow(line), 1);
        EXPECT_NE(console.err.find("50-nsd.conf is not nsctl's"), std::string::npos) << console.err;
        EXPECT_EQ(readFile(file), "[Service]\nNice=1\n");
    }
    fs::remove(file);
    fs::create_symlink("/dev/null", file);
    EXPECT_EQ(runBelow({"unit", "web", "nginx"}), 1) << "masked";
    EXPECT_TRUE(fs::is_symlink(file));
    fs::remove(file);
    writeFile(file.parent_path() / "60-mine.conf", "");
    EXPECT_EQ(runBelow({"unit", "web", "nginx"}), 0);
    EXPECT_EQ(runBelow({"unit", "--remove", "web", "nginx"}), 0);
    EXPECT_TRUE(fs::exists(file.parent_path() / "60-mine.conf"));
}

TEST_F(UnitVerb, NoLinkLeadsOutOfTheOtherSystem) {
    const TempDir outside;
    fs::create_directories(root / "etc");
    fs::create_symlink(outside.path(), root / "etc/systemd");
    EXPECT_EQ(runBelow({"unit", "web", "nginx"}), 1);
    EXPECT_TRUE(fs::is_empty(outside.path()));
}

TEST_F(UnitVerb, WrongUsage) {
    for (const auto& line : {Words{"unit"}, Words{"unit", "web"}, Words{"unit", "web", "a", "b"},
             Words{"unit", "web", "x.timer"}, Words{"unit", "web", "a/b"}, Words{"unit", "..", "x"},
             Words{"unit", "--remove", "--print", "web", "x"},
             Words{"unit", "--remove", "-t", "net", "web", "x"}, Words{"unit", "-t", "nets", "web", "x"}})
        EXPECT_EQ(run(line), 2) << console.err;
    EXPECT_TRUE(daemon.calls.empty());
}

} // namespace
} // namespace nsd::test
