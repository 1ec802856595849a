// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/bus_fixture.hpp"

namespace nsd::test {
namespace {

using Lines = std::vector<std::string>;

class Signals : public BusTest {
  protected:
    void SetUp() override {
        BusTest::SetUp();
        if (root_)
            root_->listen();
    }
    // Signals that came after the ones that were forgotten.
    const Lines& signals(std::size_t count) {
        root_->waitForSignals(count);
        return root_->signals();
    }
};

TEST_F(Signals, aNewNamespaceIsAnnounced) {
    const auto path = create("web", {"net"});
    EXPECT_EQ(signals(1), Lines{R"(NamespaceNew 1 "web" ")" + path + '"'});
}

TEST_F(Signals, aRemovedNamespaceIsAnnounced) {
    const auto path = create("web", {"net"});
    root_->manager("Destroy", "sa{sv}", "web", 0);
    EXPECT_EQ(signals(2).back(), R"(NamespaceRemoved 2 "web" ")" + path + '"');
}

TEST_F(Signals, labelsAreAPropertyAndAnEvent) {
    const auto path = create("web", {"net"});
    root_->manager("SetLabels", "sa{ss}", "web", 1, "a", "1");
    signals(3);
    EXPECT_EQ(root_->signals()[1], R"(PropertiesChanged "org.nsd1.Namespace" ["Labels": ["a": "1"]] [])");
    EXPECT_EQ(root_->signals()[2], R"(NamespaceEvent 2 ")" + path + R"(" "labels")");
}

TEST_F(Signals, aRenameChangesNameAndPins) {
    const auto path = create("web", {"net"});
    root_->manager("Rename", "ss", "web", "shop");
    signals(3);
    EXPECT_EQ(root_->signals()[1],
        R"(PropertiesChanged "org.nsd1.Namespace" ["Name": "shop", "Pins": ["net": "/run/nsd/ns/shop/net"]] [])");
    EXPECT_EQ(root_->signals()[2], R"(NamespaceEvent 2 ")" + path + R"(" "renamed")");
}

TEST_F(Signals, aDeadInitMakesTheNamespaceDegraded) {
    const auto path = create("box", {"pid"});
    kernel_->killInit(namespaces_->find(Name("box")).identities.at(NamespaceType::Pid).inode);
    signals(3);
    EXPECT_EQ(root_->signals()[1], R"(PropertiesChanged "org.nsd1.Namespace" ["State": "degraded"] [])");
    EXPECT_EQ(root_->signals()[2], R"(NamespaceEvent 2 ")" + path + R"(" "degraded")");
}

TEST_F(Signals, theSequenceHasNoGap) {
    create("a", {"uts"});
    create("b", {"uts"});
    root_->manager("Rename", "ss", "a", "c");
    root_->manager("Destroy", "sa{sv}", "b", 0);
    signals(5);
    EXPECT_EQ(root_->property("/org/nsd1", "org.nsd1.Manager", "Sequence"), "4");
    Lines numbers;
    for (const auto& line : root_->signals())
        if (!line.starts_with("Properties"))
            numbers.push_back(line.substr(line.find(' ') + 1, 1));
    EXPECT_EQ(numbers, (Lines{"1", "2", "3", "4"}));
}

TEST_F(Signals, aRefusedCallSaysNothing) {
    create("web", {"net"});
    EXPECT_NE(root_->manager("Create", "sasa{sv}", "web", 1, "net", 0)->error, "");
    EXPECT_NE(root_->manager("Rename", "ss", "none", "some")->error, "");
    EXPECT_EQ(root_->property("/org/nsd1", "org.nsd1.Manager", "Sequence"), "1");
}

TEST_F(Signals, theCreatorHearsOfItBeforeTheAnswer) {
    const auto path = create("web", {"net"});
    EXPECT_EQ(root_->signals().size(), 1U);
}

TEST_F(Signals, nothingIsAnnouncedForWhatARestartFinds) {
    const auto path = create("web", {"net"});
    root_->forgetSignals();
    restart();
    EXPECT_EQ(nameOf(path), R"("web")");
    EXPECT_EQ(root_->signals(), Lines{});
    EXPECT_EQ(root_->property("/org/nsd1", "org.nsd1.Manager", "Sequence"), "0");
}

} // namespace
} // namespace nsd::test
