// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/introspection.hpp"

#include "tests/bus/bus_fixture.hpp"

#include <string>

namespace nsd::test {
namespace {

class Introspection : public BusTest {
  protected:
    Interfaces live(const std::string& path) {
        const auto answer =
            root_->call(path, "org.freedesktop.DBus.Introspectable", "Introspect", BusClient::filled(""));
        EXPECT_EQ(answer->error, "");
        return readIntrospection(answer->text);
    }
    static Interfaces written(const std::string& file) {
        return readIntrospection(readFile(NSD_TEST_SOURCE_DIR "/dbus/" + file));
    }
};

TEST_F(Introspection, ofTheManagerIsTheContract) {
    EXPECT_EQ(
        live("/org/nsd1").at("org.nsd1.Manager"), written("org.nsd1.Manager.xml").at("org.nsd1.Manager"));
}

TEST_F(Introspection, ofANamespaceIsTheContract) {
    const auto path = create("web", {"net"});
    EXPECT_EQ(
        live(path).at("org.nsd1.Namespace"), written("org.nsd1.Namespace.xml").at("org.nsd1.Namespace"));
}

TEST_F(Introspection, ofAProcessIsTheContract) {
    create("web", {"net"});
    const auto started = root_->manager("Exec", "sasa{sv}", "web", 1, "true", 0)->text;
    ASSERT_TRUE(started.starts_with("\"/org/nsd1/process/")) << started;
    const auto path = started.substr(1, started.find('"', 1) - 1);
    EXPECT_EQ(live(path).at("org.nsd1.Process"), written("org.nsd1.Process.xml").at("org.nsd1.Process"));
}

TEST_F(Introspection, showsNoInterfaceThatIsNotOurs) {
    const auto interfaces = live(create("web", {"net"}));
    EXPECT_EQ(interfaces.size(), 4U);
    for (const auto& [interface, members] : interfaces)
        EXPECT_TRUE(interface == "org.nsd1.Namespace" || interface == "org.freedesktop.DBus.Peer" ||
                    interface == "org.freedesktop.DBus.Introspectable" ||
                    interface == "org.freedesktop.DBus.Properties")
            << interface;
}

TEST_F(Introspection, hasNoArgumentThatIsAPath) {
    const auto interfaces = live("/org/nsd1");
    for (const auto& [member, text] : interfaces.at("org.nsd1.Manager"))
        EXPECT_EQ(text.find("in o "), std::string::npos) << member;
}

TEST(IntrospectionReader, seesDirectionsTypesNamesAndAccess) {
    const auto read = readIntrospection(R"(<?xml version="1.0"?><!DOCTYPE node><!-- <interface name="no"/> -->
        <node><interface name="a.b">
        <method name="M"><arg type="s" name="x" direction="in"/><arg name="y" type="o" direction="out"/></method>
        <signal name="S"><arg type="t" name="seq"/></signal>
        <property name="P" type="u" access="read"><annotation name="n" value="v"/></property>
        </interface></node>)");
    const Interfaces expected{
        {"a.b", {{"method M", "in s x, out o y"}, {"property P", "read u"}, {"signal S", "out t seq"}}}};
    EXPECT_EQ(read, expected);
}

} // namespace
} // namespace nsd::test
