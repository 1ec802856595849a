// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/bus_fixture.hpp"

#include <algorithm>

namespace nsd::test {
namespace {

class List : public BusTest {
  protected:
    template <class... Args>
    std::string with(const char* key, const char* signature, Args... args) {
        const auto answer = root_->manager("List", "a{sv}", 1, key, signature, args...);
        return answer->error.empty() ? answer->text : answer->error + ": " + answer->text;
    }
    // The names in a page, in its order.
    static std::vector<std::string> names(const std::string& text) {
        std::vector<std::string> all;
        for (auto at = text.find("(\""); at != std::string::npos; at = text.find("(\"", at + 1))
            all.push_back(text.substr(at + 2, text.find('"', at + 2) - at - 2));
        return all;
    }
};

using Names = std::vector<std::string>;

TEST_F(List, hasARowForEachNamespace) {
    const auto path = create("web", {"uts", "net"});
    const auto& record = namespaces_->find(Name("web"));
    EXPECT_EQ(root_->manager("List", "a{sv}", 0)->text,
        R"([("web", ")" + path + R"(", ")" + record.uuid.str() +
            R"(", ["net", "uts"], 0, "ready", "created", )" + std::to_string(record.createdRealtime) +
            R"(, ["labels": []])])");
}

TEST_F(List, isEmptyAtFirst) {
    EXPECT_EQ(root_->manager("List", "a{sv}", 0)->text, "[]");
}

TEST_F(List, isInTheOrderOfTheBytes) {
    for (const auto* name : {"b", "a", "B", "a-1", "a.1", "10", "9"})
        create(name, {"uts"});
    EXPECT_EQ(
        names(root_->manager("List", "a{sv}", 0)->text), (Names{"10", "9", "B", "a", "a-1", "a.1", "b"}));
}

TEST_F(List, pagesGoOnAfterAName) {
    for (const auto* name : {"a", "b", "c", "d"})
        create(name, {"uts"});
    const auto page = [&](const char* after) {
        return names(root_->manager("List", "a{sv}", 2, "after", "s", after, "limit", "u", 2U)->text);
    };
    EXPECT_EQ(page(""), (Names{"a", "b"}));
    EXPECT_EQ(page("b"), (Names{"c", "d"}));
    EXPECT_EQ(page("bb"), (Names{"c", "d"}));
    EXPECT_EQ(page("d"), Names{});
}

TEST_F(List, showsThoseThatHaveAllLabels) {
    create("a", {"uts"});
    create("b", {"uts"});
    ASSERT_EQ(root_->manager("SetLabels", "sa{ss}", "a", 2, "x", "1", "y", "2")->error, "");
    ASSERT_EQ(root_->manager("SetLabels", "sa{ss}", "b", 1, "x", "1")->error, "");
    EXPECT_EQ(names(with("label", "a{ss}", 1, "x", "1")), (Names{"a", "b"}));
    EXPECT_EQ(names(with("label", "a{ss}", 2, "x", "1", "y", "2")), Names{"a"});
    EXPECT_EQ(names(with("label", "a{ss}", 1, "x", "2")), Names{});
}

TEST_F(List, countsProcessesWhenAskedTo) {
    create("web", {"net"});
    kernel_->setMembers(namespaces_->find(Name("web")).identities.at(NamespaceType::Net).inode, 3);
    EXPECT_NE(with("with", "as", 1, "processes").find(R"("processes": 3)"), std::string::npos);
}

TEST_F(List, namesLinksOfThoseThatHaveNet) {
    create("box", {"uts"});
    create("web", {"net"});
    const auto text = with("with", "as", 2, "links", "processes");
    EXPECT_NE(text.find(R"(["labels": [], "processes": 0])"), std::string::npos) << text;
    EXPECT_NE(text.find(R"(["labels": [], "links": ["lo"], "processes": 0])"), std::string::npos) << text;
}

TEST_F(List, asksTheKernelForNothingUnasked) {
    create("web", {"net"});
    kernel_->forgetCalls();
    EXPECT_EQ(root_->manager("List", "a{sv}", 0)->error, "");
    EXPECT_EQ(kernel_->calls(), Names{});
}

TEST_F(List, tellsThatTheKernelDidNotAnswer) {
    create("web", {"net"});
    kernel_->failAt(0, EIO);
    EXPECT_EQ(root_->manager("List", "a{sv}", 1, "with", "as", 1, "processes")->error,
        "org.nsd1.Error.KernelError");
}

TEST_F(List, takesALimitFromOneToFiveHundred) {
    EXPECT_EQ(with("limit", "u", 500U), "[]");
    EXPECT_EQ(with("limit", "u", 501U),
        "org.nsd1.Error.InvalidArgument: option \"limit\" is 501; it must be from 1 to 500");
    EXPECT_EQ(with("limit", "u", 0U),
        "org.nsd1.Error.InvalidArgument: option \"limit\" is 0; it must be from 1 to 500");
}

} // namespace
} // namespace nsd::test
