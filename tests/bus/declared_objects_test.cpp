// SPDX-License-Identifier: LGPL-2.1-or-later
// What is declared, persistent or a unit's, as the bus shows it.
#include "tests/bus/bus_fixture.hpp"

#include "common/quote.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>

namespace nsd::test {
namespace {

constexpr auto manager = "org.nsd1.Manager";

class DeclaredObjects : public BusTest {
  protected:
    void SetUp() override {
        BusTest::SetUp();
        if (namespaces_)
            namespaces_->useStateDirectory(state_.path());
    }

    // The file of "web", which is pending then.
    void declare() {
        Definition web{.name = Name("web")};
        web.file = "/etc/nsd/namespaces.d/web.json";
        web.spec.types = {NamespaceType::Net};
        namespaces_->declare({{web}});
    }
    [[nodiscard]] std::string path() {
        const auto text = root_->manager("Get", "s", "web")->text;
        return text.substr(1, text.size() - 2);
    }
    [[nodiscard]] std::string property(const char* name) {
        return root_->property(path(), "org.nsd1.Namespace", name);
    }
    [[nodiscard]] static std::string said(const AnswerPtr& answer) {
        return answer->error.empty() ? answer->text : answer->error.substr(answer->error.rfind('.') + 1);
    }
    [[nodiscard]] static BusClient::Fill unitStart(const char* name) {
        return BusClient::filled("sasa{sv}", name, 0, 1, "unit", "b", 1);
    }
    [[nodiscard]] AnswerPtr createForUnit(const char* name) {
        return root_->call("/org/nsd1", manager, "Create", unitStart(name));
    }
    [[nodiscard]] std::string destroyForUnit(const char* name) {
        return said(root_->manager("Destroy", "sa{sv}", name, 1, "unit", "b", 1));
    }
    [[nodiscard]] std::string destroy(const char* name) {
        return said(root_->manager("Destroy", "sa{sv}", name, 0));
    }

    TempDir state_;
};

TEST_F(DeclaredObjects, aPendingOneIsShownAndIsBusy) {
    declare();
    EXPECT_EQ(property("State"), R"("pending")");
    EXPECT_EQ(property("Origin"), R"("declared")");
    EXPECT_EQ(property("Types"), R"(["net"])");
    EXPECT_EQ(property("Pins"), "[]");
    EXPECT_EQ(property("Ids"), "[]");
    EXPECT_NE(root_->manager("List", "a{sv}", 0)->text.find(R"("pending", "declared")"), std::string::npos);
    const auto entered = root_->manager("Enter", "sasa{sv}", "web", 0, 0);
    EXPECT_EQ(entered->error, "org.nsd1.Error.Busy");
    EXPECT_EQ(entered->text, R"("web" is declared, but not made yet)");
    EXPECT_EQ(said(root_->manager("Hold", "sa{sv}", "web", 0)), "Busy");
    EXPECT_EQ(said(root_->manager("Holders", "s", "web")), "[]");
}

TEST_F(DeclaredObjects, readyIsToldWithAllThatChanges) {
    declare();
    const auto object = path();
    root_->listen();
    namespaces_->carryOutDeclarations();
    root_->waitForSignals(2);
    EXPECT_EQ(path(), object);
    const auto& signals = root_->signals();
    const auto has = [&](const std::string& text) {
        return std::any_of(signals.begin(), signals.end(),
            [&](const std::string& line) { return line.find(text) != std::string::npos; });
    };
    EXPECT_TRUE(has("NamespaceEvent") && has(R"("ready")"));
    for (const auto* name : {"State", "Pins", "Ids", "Inodes", "Owner", "Grants", "ControlGroup"})
        EXPECT_TRUE(has(quoted(name))) << name;
    EXPECT_NE(property("Pins").find("/run/nsd/ns/web/net"), std::string::npos);
}

TEST_F(DeclaredObjects, whatItsFileKeepsIsBusy) {
    declare();
    namespaces_->carryOutDeclarations();
    settle();
    EXPECT_EQ(destroy("web"), "Busy");
    EXPECT_EQ(said(root_->manager("Rename", "ss", "web", "www")), "Busy");
    EXPECT_EQ(said(root_->manager("Destroy", "sa{sv}", "web", 1, "force", "b", 1)), R"(["released": "yes"])");
}

TEST_F(DeclaredObjects, aUnitsStartWaitsForThePendingOne) {
    declare();
    const auto object = path();
    const auto answer = createForUnit("web");
    EXPECT_EQ(answer->text, quoted(object));
    EXPECT_EQ(property("State"), R"("ready")");
    EXPECT_EQ(property("Origin"), R"("declared")");
    EXPECT_EQ(destroyForUnit("web").find(R"(["holders": )"), 0U);
    EXPECT_EQ(path(), object);
}

TEST_F(DeclaredObjects, aUnitsStartMakesOneAndItsStopEndsIt) {
    const auto answer = createForUnit("web");
    EXPECT_EQ(answer->error, "") << answer->text;
    EXPECT_EQ(answer->text, quoted(path()));
    EXPECT_EQ(property("Origin"), R"("unit")");
    EXPECT_EQ(property("Types"), R"(["net"])");
    EXPECT_EQ(createForUnit("web")->text, answer->text);
    EXPECT_EQ(destroy("web"), "Busy");
    EXPECT_EQ(destroyForUnit("web"), R"(["released": "yes"])");
    EXPECT_EQ(destroyForUnit("web"), R"(["released": "yes"])") << "what is gone has stopped";
    EXPECT_EQ(said(root_->manager("Destroy", "sa{sv}", "web", 2, "unit", "b", 1, "force", "b", 1)),
        "InvalidArgument");
}

TEST_F(DeclaredObjects, aUnitIsForRootAlone) {
    if (::geteuid() != 0)
        GTEST_SKIP() << "needs root";
    create("web", {"net"});
    const auto user = clientAs(1);
    EXPECT_EQ(said(user->call("/org/nsd1", manager, "Create", unitStart("web"))), "AccessDenied");
    EXPECT_EQ(said(user->manager("Destroy", "sa{sv}", "web", 1, "unit", "b", 1)), "AccessDenied");
    EXPECT_EQ(said(user->manager("Destroy", "sa{sv}", "none", 1, "unit", "b", 1)), "AccessDenied");
    EXPECT_TRUE(authority_->questions.empty()) << "nobody is asked";
}

TEST_F(DeclaredObjects, persistentIsALifetimeAndAFile) {
    const auto answer = root_->manager("Create", "sasa{sv}", "web", 1, "net", 1, "persistent", "b", 1);
    EXPECT_EQ(answer->error, "") << answer->text;
    EXPECT_EQ(property("Lifetime"), R"("persistent")");
    const auto file = state_.path() / "namespaces.d/web.json";
    EXPECT_TRUE(std::filesystem::exists(file));
    EXPECT_EQ(said(root_->manager("Grant", "ssuas", "web", "user", 33, 1, "enter")), "");
    EXPECT_NE(readFile(file).find("\"enter\""), std::string::npos);
    EXPECT_EQ(destroy("web"), R"(["released": "yes"])");
    EXPECT_FALSE(std::filesystem::exists(file));
}

TEST_F(DeclaredObjects, persistentAndALimitedLifeExcludeEachOther) {
    EXPECT_EQ(
        said(root_->manager("Create", "sasa{sv}", "web", 1, "net", 2, "persistent", "b", 1, "lease", "b", 1)),
        "InvalidArgument");
    EXPECT_EQ(said(root_->manager("Create", "sasa{sv}", "web", 1, "net", 2, "persistent", "b", 1, "ttl", "t",
                  std::uint64_t{1'000'000})),
        "InvalidArgument");
}

} // namespace
} // namespace nsd::test
