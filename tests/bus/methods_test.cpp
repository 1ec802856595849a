// SPDX-License-Identifier: LGPL-2.1-or-later
// Each method of the manager, used as it is meant.
#include "tests/bus/bus_fixture.hpp"

#include "common/error.hpp"

#include <cstdint>
#include <fcntl.h>
#include <unistd.h>

namespace nsd::test {
namespace {

using Methods = BusTest;

TEST_F(Methods, getAnswersTheObjectOfAName) {
    const auto path = create("web", {"net"});
    EXPECT_EQ(root_->manager("Get", "s", "web")->text, '"' + path + '"');
}

TEST_F(Methods, enterGivesOneDescriptorPerTypeAskedFor) {
    create("web", {"net", "uts", "ipc"});
    const auto answer = root_->manager("Enter", "sasa{sv}", "web", 2, "uts", "net", 0);
    ASSERT_EQ(answer->error, "") << answer->text;
    EXPECT_EQ(answer->text, R"(["net": fd, "uts": fd])");
    const auto& record = namespaces_->find(Name("web"));
    for (const auto& [type, fd] : takeFds(answer))
        EXPECT_EQ(kernel_->identify(fd.get()).inode, record.identities.at(namespaceTypeFromWord(type)).inode);
}

TEST_F(Methods, enterWithoutTypesGivesAll) {
    create("web", {"net", "uts"});
    EXPECT_EQ(root_->manager("Enter", "sasa{sv}", "web", 0, 0)->text, R"(["net": fd, "uts": fd])");
}

TEST_F(Methods, enterRefusesATypeThatTheNamespaceDoesNotHave) {
    create("web", {"net"});
    const auto answer = root_->manager("Enter", "sasa{sv}", "web", 1, "uts", 0);
    EXPECT_EQ(answer->error, "org.nsd1.Error.TypeNotPresent");
    EXPECT_NE(answer->text.find("uts"), std::string::npos) << answer->text;
}

TEST_F(Methods, enterSaysThatThePidNamespaceIsDead) {
    create("box", {"pid"});
    kernel_->killInit(namespaces_->find(Name("box")).identities.at(NamespaceType::Pid).inode);
    EXPECT_EQ(root_->manager("Enter", "sasa{sv}", "box", 0, 0)->error, "org.nsd1.Error.Degraded");
}

TEST_F(Methods, enterLeavesNoDescriptorOpenInTheDaemon) {
    create("web", {"net", "uts"});
    // The bus daemon is asked who calls at the first call, and the answer is remembered.
    EXPECT_EQ(root_->manager("Enter", "sasa{sv}", "web", 0, 0)->error, "");
    const auto before = countOpenFds();
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(root_->manager("Enter", "sasa{sv}", "web", 0, 0)->error, "");
    EXPECT_EQ(countOpenFds(), before);
}

TEST_F(Methods, identifyKnowsWhatEnterGave) {
    create("web", {"net", "uts"});
    const auto fds = takeFds(root_->manager("Enter", "sasa{sv}", "web", 0, 0));
    EXPECT_EQ(root_->manager("Identify", "h", fds.at("uts").get())->text, R"("web" "uts")");
}

TEST_F(Methods, identifySaysThatANamespaceHasNoName) {
    const auto foreign = kernel_->foreignNamespace(NamespaceType::Net);
    const auto answer = root_->manager("Identify", "h", foreign.get());
    EXPECT_EQ(answer->error, "org.nsd1.Error.NoSuchNamespace");
    EXPECT_NE(answer->text.find("net"), std::string::npos) << answer->text;
}

TEST_F(Methods, identifyProcessNamesWhatItIsIn) {
    create("web", {"net"});
    create("box", {"uts"});
    Kernel::ProcessNamespaces process;
    process.namespaces = {namespaces_->find(Name("web")).identities.at(NamespaceType::Net),
        namespaces_->find(Name("box")).identities.at(NamespaceType::Uts),
        NamespaceIdentity{NamespaceType::Ipc, 4, 4026531839, 0}};
    kernel_->answerProcess(process);
    const UniqueFd anything(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    EXPECT_EQ(
        root_->manager("IdentifyProcess", "h", anything.get())->text, R"(["net": "web", "uts": "box"])");
}

TEST_F(Methods, renameKeepsTheObject) {
    const auto path = create("web", {"net"});
    EXPECT_EQ(root_->manager("Rename", "ss", "web", "shop")->error, "");
    EXPECT_EQ(root_->manager("Get", "s", "shop")->text, '"' + path + '"');
    EXPECT_EQ(root_->manager("Get", "s", "web")->error, "org.nsd1.Error.NoSuchNamespace");
    EXPECT_EQ(nameOf(path), R"("shop")");
}

TEST_F(Methods, renameToATakenNameIsRefused) {
    create("web", {"net"});
    create("shop", {"net"});
    const auto answer = root_->manager("Rename", "ss", "web", "shop");
    EXPECT_EQ(answer->error, "org.nsd1.Error.NameExists");
    EXPECT_NE(answer->text.find("\"shop\""), std::string::npos) << answer->text;
}

TEST_F(Methods, setLabelsReplacesThemAll) {
    const auto path = create("web", {"net"});
    EXPECT_EQ(root_->manager("SetLabels", "sa{ss}", "web", 2, "a", "1", "b", "2")->error, "");
    EXPECT_EQ(root_->manager("SetLabels", "sa{ss}", "web", 1, "c", "3")->error, "");
    EXPECT_EQ(root_->property(path, "org.nsd1.Namespace", "Labels"), R"(["c": "3"])");
}

TEST_F(Methods, holdersTellsAllItKnows) {
    create("web", {"net"});
    kernel_->answerHolders({Holder{"process", 77, "sleep", "net", "lives in it", 0}});
    EXPECT_EQ(root_->manager("Holders", "s", "web")->text,
        R"([["comm": "sleep", "detail": "lives in it", "kind": "process", "pid": 77, "type": "net"]])");
}

TEST_F(Methods, destroySaysThatTheKernelLetGo) {
    create("web", {"net"});
    EXPECT_EQ(root_->manager("Destroy", "sa{sv}", "web", 0)->text, R"(["released": "yes"])");
    EXPECT_EQ(root_->manager("Get", "s", "web")->error, "org.nsd1.Error.NoSuchNamespace");
    EXPECT_EQ(kernel_->leaked(), std::vector<std::string>{});
}

TEST_F(Methods, destroyNamesTheHoldersOfWhatLivesOn) {
    create("web", {"net"});
    kernel_->answerReleased(NamespaceType::Net, Released::No);
    kernel_->answerHolders({Holder{"process", 77, "sleep", "net", "lives in it", 0}});
    const auto answer =
        root_->manager("Destroy", "sa{sv}", "web", 2, "timeout", "t", std::uint64_t{0}, "force", "b", 0);
    EXPECT_EQ(answer->text, R"(["holders": [["comm": "sleep", "detail": "lives in it", "kind": "process", )"
                            R"("pid": 77, "type": "net"]], "released": "no"])");
}

TEST_F(Methods, destroyWithForceKillsFirst) {
    create("web", {"net"});
    kernel_->forgetCalls();
    EXPECT_EQ(root_->manager("Destroy", "sa{sv}", "web", 1, "force", "b", 1)->error, "");
    ASSERT_FALSE(kernel_->calls().empty());
    EXPECT_EQ(kernel_->calls().front(), "killMembers");
}

TEST_F(Methods, exportGivesTheFileThatMakesItAgain) {
    create("web", {"net", "uts"});
    const auto answer = root_->manager("Export", "s", "web");
    EXPECT_EQ(answer->error, "");
    EXPECT_NE(answer->text.find("\"types\""), std::string::npos) << answer->text;
    EXPECT_EQ(root_->manager("Export", "s", "none")->error, "org.nsd1.Error.NoSuchNamespace");
}

TEST_F(Methods, checkDefinitionsTellsGoodFromBadAndMakesNothing) {
    const auto answer =
        root_->manager("CheckDefinitions", "a{ss}", 2, "bad", "{\n\"hostname\": \"x\"}", "good", "{}");
    ASSERT_EQ(answer->error, "") << answer->text;
    EXPECT_NE(answer->text.find("[\"good\": "), std::string::npos) << answer->text;
    EXPECT_NE(answer->text.find(R"(("bad", 2, "/hostname", "hostname needs type uts"))"), std::string::npos)
        << answer->text;
    EXPECT_EQ(namespaces_->count(), 0U);
    EXPECT_EQ(root_->property("/org/nsd1", "org.nsd1.Manager", "DefinitionsDirectory"),
        "\"/etc/nsd/namespaces.d\"");
}

TEST_F(Methods, reloadReadsTheSettingsAgain) {
    int reloads = 0;
    reload_ = [&] { ++reloads; };
    EXPECT_EQ(root_->manager("Reload", "")->error, "");
    EXPECT_EQ(reloads, 1);
}

TEST_F(Methods, reloadTellsWhatIsWrongWithTheSettings) {
    reload_ = [] { throw Error(Errc::InvalidArgument, "/workers: must be a number"); };
    const auto answer = root_->manager("Reload", "");
    EXPECT_EQ(answer->error, "org.nsd1.Error.InvalidArgument");
    EXPECT_EQ(answer->text, "/workers: must be a number");
}

TEST_F(Methods, reloadThatFailsInAnUnknownWayEndsNothing) {
    reload_ = [] { throw std::logic_error("odd"); };
    EXPECT_EQ(root_->manager("Reload", "")->error, "org.nsd1.Error.KernelError");
    EXPECT_EQ(root_->manager("List", "a{sv}", 0)->error, "");
}

TEST_F(Methods, theManagersPropertiesTellOfTheDaemon) {
    create("web", {"net"});
    const auto property = [&](const char* name) {
        return root_->property("/org/nsd1", "org.nsd1.Manager", name);
    };
    EXPECT_EQ(property("Version"), R"("1.2.3")");
    EXPECT_EQ(property("SupportedTypes"), R"(["cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"])");
    EXPECT_EQ(property("NamespaceCount"), "1");
    EXPECT_EQ(property("Sequence"), "1");
}

} // namespace
} // namespace nsd::test
