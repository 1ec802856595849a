// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/definition_text.hpp"

#include "config/definition_reader.hpp"

#include <gtest/gtest.h>

namespace nsd::test {
namespace {

TEST(DefinitionText, isTheFileWithoutWhatIsNotTheAdministrators) {
    Definition definition{.name = Name("web")};
    definition.spec.types = {NamespaceType::Uts};
    definition.uuid = Uuid::random();
    const auto text = definitionText(definition);
    const auto again = readDefinition(text, Name("web"), Definition::Place::Configuration);
    EXPECT_TRUE(again.problems.empty()) << text;
    EXPECT_EQ(again.definition.spec, definition.spec);
}

TEST(CheckDefinition, givesWhatIsGoodInNormalForm) {
    const auto checked = checkDefinition("web", "{ // comments\n\"name\": \"web\", \"types\": [\"uts\", "
                                                "\"net\"], \"sysctls\": {\"net/ipv4/ip_forward\": \"1\"}}");
    EXPECT_TRUE(checked.problems.empty());
    const auto again = readDefinition(checked.normal, Name("web"), Definition::Place::Configuration);
    EXPECT_EQ(
        again.definition.spec.sysctls, (std::map<std::string, std::string>{{"net.ipv4.ip_forward", "1"}}));
    EXPECT_EQ(checkDefinition("web", checked.normal).normal, checked.normal);
}

TEST(CheckDefinition, tellsAllThatNsdWouldReportWithItsPlace) {
    const auto checked = checkDefinition(
        "web", "{\"types\": [\"net\"],\n\"hostname\": \"x\",\n\"colour\": 1,\n\"rootless\": true}");
    ASSERT_EQ(checked.problems.size(), 3U);
    EXPECT_EQ(describe("web", checked.problems[0]), "web:2: /hostname: hostname needs type uts");
    EXPECT_EQ(describe("web", checked.problems[1]), "web:3: /colour: is no key of a declared namespace");
    EXPECT_EQ(checked.problems[2].pointer, "/rootless");
    EXPECT_EQ(checked.normal, "");
}

TEST(CheckDefinition, knowsNamesAndWhichFileItIs) {
    EXPECT_EQ(checkDefinition("a/b", "{}").problems.size(), 1U);
    EXPECT_EQ(checkDefinition("web", R"({"name": "other"})").problems.size(), 1U);
    EXPECT_EQ(checkDefinition("web", "").problems.size(), 1U);
}

} // namespace
} // namespace nsd::test
