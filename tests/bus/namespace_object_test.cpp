// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/bus_fixture.hpp"

#include <cstdint>

namespace nsd::test {
namespace {

class NamespaceObject : public BusTest {
  protected:
    std::string property(const std::string& path, const char* name) {
        return root_->property(path, "org.nsd1.Namespace", name);
    }
};

TEST_F(NamespaceObject, showsItsProperties) {
    const auto path = create("web", {"net", "uts"});
    const auto& record = namespaces_->find(Name("web"));
    const auto& net = record.identities.at(NamespaceType::Net);
    const auto& uts = record.identities.at(NamespaceType::Uts);
    const auto numbers = [](std::uint64_t a, std::uint64_t b) {
        return R"(["net": )" + std::to_string(a) + R"(, "uts": )" + std::to_string(b) + ']';
    };
    EXPECT_EQ(property(path, "Name"), R"("web")");
    EXPECT_EQ(property(path, "Uuid"), '"' + path.substr(path.rfind('/') + 1) + '"');
    EXPECT_EQ(property(path, "Types"), R"(["net", "uts"])");
    EXPECT_EQ(property(path, "Pins"), R"(["net": "/run/nsd/ns/web/net", "uts": "/run/nsd/ns/web/uts"])");
    EXPECT_EQ(property(path, "Ids"), numbers(net.id, uts.id));
    EXPECT_EQ(property(path, "Inodes"), numbers(net.inode, uts.inode));
    EXPECT_EQ(property(path, "Owner"), "0");
    EXPECT_EQ(property(path, "Labels"), "[]");
    EXPECT_EQ(property(path, "Created"), std::to_string(record.createdRealtime));
    EXPECT_EQ(property(path, "Origin"), R"("created")");
    EXPECT_EQ(property(path, "Lifetime"), R"("manual")");
    EXPECT_EQ(property(path, "State"), R"("ready")");
    EXPECT_EQ(property(path, "Grants"), "[]");
    EXPECT_EQ(property(path, "ControlGroup"), R"("")");
}

TEST_F(NamespaceObject, leavesOutIdsThatTheKernelDoesNotHave) {
    kernel_->withoutIds();
    const auto path = create("web", {"net"});
    EXPECT_EQ(property(path, "Ids"), "[]");
    EXPECT_NE(property(path, "Inodes"), "[]");
}

TEST_F(NamespaceObject, showsTheControlGroupOfAPidNamespace) {
    const auto path = create("box", {"pid"});
    EXPECT_EQ(property(path, "ControlGroup"), '"' + namespaces_->find(Name("box")).controlGroup + '"');
    EXPECT_NE(property(path, "ControlGroup"), R"("")");
}

TEST_F(NamespaceObject, answersAllItsPropertiesAtOnce) {
    const auto path = create("web", {"net"});
    const auto answer = root_->call(
        path, "org.freedesktop.DBus.Properties", "GetAll", BusClient::filled("s", "org.nsd1.Namespace"));
    EXPECT_EQ(answer->error, "");
    EXPECT_NE(answer->text.find(R"("Name": "web")"), std::string::npos) << answer->text;
}

TEST_F(NamespaceObject, hasNoPropertyThatCanBeSet) {
    const auto path = create("web", {"net"});
    const auto answer = root_->call(path, "org.freedesktop.DBus.Properties", "Set",
        BusClient::filled("ssv", "org.nsd1.Namespace", "Name", "s", "other"));
    EXPECT_EQ(answer->error, "org.freedesktop.DBus.Error.PropertyReadOnly");
}

TEST_F(NamespaceObject, entersWithoutAName) {
    const auto path = create("web", {"net", "uts"});
    EXPECT_EQ(root_->object(path, "Enter", "asa{sv}", 1, "net", 0)->text, R"(["net": fd])");
}

TEST_F(NamespaceObject, tellsItsHolders) {
    const auto path = create("web", {"net"});
    kernel_->answerHolders({Holder{"process", 77, "sleep", "net", "lives in it", 0}});
    EXPECT_NE(root_->object(path, "Holders", "")->text.find("sleep"), std::string::npos);
}

TEST_F(NamespaceObject, takesLabels) {
    const auto path = create("web", {"net"});
    EXPECT_EQ(root_->object(path, "SetLabels", "a{ss}", 1, "a", "1")->error, "");
    EXPECT_EQ(property(path, "Labels"), R"(["a": "1"])");
}

TEST_F(NamespaceObject, canBeDestroyedThroughItself) {
    const auto path = create("web", {"net"});
    EXPECT_EQ(root_->object(path, "Destroy", "a{sv}", 0)->text, R"(["released": "yes"])");
    EXPECT_EQ(property(path, "Name"), "error org.freedesktop.DBus.Error.UnknownObject");
    EXPECT_EQ(
        root_->object(path, "Enter", "asa{sv}", 0, 0)->error, "org.freedesktop.DBus.Error.UnknownObject");
}

TEST_F(NamespaceObject, refusesCallsThatComeRightBehindItsEnd) {
    const auto path = create("web", {"net"});
    // All in the daemon's hands at once, before the object is freed.
    const auto destroyed = root_->start(path, "org.nsd1.Namespace", "Destroy", BusClient::filled("a{sv}", 0));
    std::vector<AnswerPtr> late;
    for (int i = 0; i < 5; ++i) {
        late.push_back(root_->start(path, "org.nsd1.Namespace", "Destroy", BusClient::filled("a{sv}", 0)));
        late.push_back(root_->start(path, "org.freedesktop.DBus.Properties", "Get",
            BusClient::filled("ss", "org.nsd1.Namespace", "Name")));
    }
    root_->turnUntil([&] { return destroyed->done && late.back()->done; });
    EXPECT_EQ(destroyed->error, "");
    for (const auto& answer : late)
        EXPECT_TRUE(answer->done && !answer->error.empty()) << answer->text;
}

TEST_F(NamespaceObject, isNotReusedByANewNamespaceOfItsName) {
    const auto first = create("web", {"net"});
    ASSERT_EQ(root_->manager("Destroy", "sa{sv}", "web", 0)->error, "");
    const auto second = create("web", {"net"});
    EXPECT_NE(first, second);
    EXPECT_EQ(property(first, "Name"), "error org.freedesktop.DBus.Error.UnknownObject");
}

TEST_F(NamespaceObject, thereAreAsManyAsThereAreNamespacesAfterARestart) {
    std::vector<std::string> paths;
    for (const auto* name : {"a", "b", "c"})
        paths.push_back(create(name, {"uts"}));
    restart();
    EXPECT_EQ(nameOf(paths[0]), R"("a")");
    EXPECT_EQ(nameOf(paths[2]), R"("c")");
}

} // namespace
} // namespace nsd::test
