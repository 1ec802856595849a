// SPDX-License-Identifier: LGPL-2.1-or-later
//
// The installed schemas say what the readers know: no key more, none less.
#include "config/definition_reader.hpp"
#include "config/settings_reader.hpp"
#include "tests/support/temp_dir.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>

namespace nsd::test {
namespace {

using Json = nlohmann::json;
using Keys = std::set<std::string>;

Json schema(const std::string& name) {
    return Json::parse(readFile(std::string(NSD_TEST_SOURCE_DIR "/config/") + name));
}

Keys keysOf(const Json& object) {
    Keys keys;
    for (const auto& [key, value] : object.items())
        keys.insert(key);
    return keys;
}

// No reader takes an array of arrays of nothing for a value: a key that is known is complained about.
bool isKnownSetting(const std::string& key) {
    const auto problems = readSettings("{\"" + key + "\": [[]]}").problems;
    return problems.size() == 1 && problems[0].severity == Problem::Severity::Error;
}

TEST(Schema, aDefinitionHasTheKeysOfItsReader) {
    const auto document = schema("definition.schema.json");
    Keys known;
    for (const auto key : definitionKeys())
        known.emplace(key);
    EXPECT_EQ(keysOf(document.at("properties")), known);
    EXPECT_EQ(document.at("$schema"), "https://json-schema.org/draft/2020-12/schema");
    EXPECT_EQ(document.at("additionalProperties"), false);
}

TEST(Schema, itsTypesAreAllTypes) {
    const auto words = schema("definition.schema.json").at("properties").at("types").at("items").at("enum");
    EXPECT_EQ(words.get<std::vector<std::string>>(), toWords(NamespaceTypes::all()));
}

TEST(Schema, theSettingsHaveTheKeysOfTheirReader) {
    const auto document = schema("nsd.schema.json");
    for (const auto& key : keysOf(document.at("properties")))
        EXPECT_TRUE(isKnownSetting(key)) << key;
    // The installed file has every setting: settings_reader_test.
    const auto file = Json::parse(
        readFile(NSD_TEST_SOURCE_DIR "/config/nsd.json"), nullptr, true, /*ignore_comments=*/true);
    EXPECT_EQ(keysOf(document.at("properties")), keysOf(file));
    EXPECT_EQ(keysOf(document.at("properties").at("quotas").at("properties")), keysOf(file.at("quotas")));
}

TEST(Schema, itsDefaultsAreThoseOfTheInstalledFile) {
    const auto properties = schema("nsd.schema.json").at("properties");
    const auto file = Json::parse(
        readFile(NSD_TEST_SOURCE_DIR "/config/nsd.json"), nullptr, true, /*ignore_comments=*/true);
    const std::set<std::string> groups{"cni", "quotas"};
    for (const auto& [key, value] : file.items())
        if (!groups.contains(key)) {
            EXPECT_EQ(properties.at(key).at("default"), value) << key;
        }
    for (const auto& group : groups)
        for (const auto& [key, value] : file.at(group).items())
            EXPECT_EQ(properties.at(group).at("properties").at(key).at("default"), value) << group << key;
}

} // namespace
} // namespace nsd::test
