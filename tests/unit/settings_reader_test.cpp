// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/settings_reader.hpp"

#include "tests/support/temp_dir.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace nsd {
namespace {

using Severity = Problem::Severity;

// The pointers of everything that is wrong, in the order found.
std::vector<std::string> wrongPlaces(std::string_view json) {
    std::vector<std::string> pointers;
    for (const auto& problem : readSettings(json).problems)
        pointers.push_back(problem.pointer);
    return pointers;
}

using Places = std::vector<std::string>;

TEST(SettingsReader, theInstalledFileSaysTheDefaults) {
    const auto reading = readSettingsFile(NSD_TEST_SOURCE_DIR "/config/nsd.json");
    EXPECT_TRUE(reading.problems.empty()) << describe(reading.problems.front());
    EXPECT_EQ(reading.settings, Settings{});
}

TEST(SettingsReader, everySettingCanBeSet) {
    const auto reading = readSettings(R"({"log-level": "debug", "workers": 3, "worker-deadline": 1.5})");
    EXPECT_TRUE(reading.problems.empty());
    EXPECT_EQ(reading.settings.logLevel, Log::Level::Debug);
    EXPECT_EQ(reading.settings.workers, 3U);
    EXPECT_EQ(reading.settings.workerDeadline, std::chrono::milliseconds(1500));
}

TEST(SettingsReader, pluginsHavePlacesAndATime) {
    const auto reading =
        readSettings(R"({"cni": {"path": ["/opt/cni/bin", "/usr/lib/cni"], "timeout": 1.5}})");
    EXPECT_TRUE(reading.problems.empty());
    EXPECT_EQ(reading.settings.plugins.path, (std::vector<std::string>{"/opt/cni/bin", "/usr/lib/cni"}));
    EXPECT_EQ(reading.settings.plugins.timeout, std::chrono::milliseconds(1500));
    EXPECT_EQ(wrongPlaces(R"({"cni": 1})"), Places{"/cni"});
    EXPECT_EQ(wrongPlaces(R"({"cni": {"path": []}})"), Places{"/cni/path"});
    EXPECT_EQ(wrongPlaces(R"({"cni": {"path": ["here", "/a:/b", 7]}})"),
        (Places{"/cni/path/0", "/cni/path/1", "/cni/path/2"}));
    EXPECT_EQ(wrongPlaces(R"({"cni": {"timeout": 0}})"), Places{"/cni/timeout"});
    EXPECT_EQ(wrongPlaces(R"({"cni": {"colour": 0}})"), Places{"/cni/colour"});
}

TEST(SettingsReader, commentsAreAllowed) {
    EXPECT_EQ(wrongPlaces("// why\n{ /* how */ \"workers\": 1 }"), Places{});
}

TEST(SettingsReader, allProblemsComeAtOnce) {
    EXPECT_EQ(wrongPlaces(R"({"log-level": 3, "workers": -1, "worker-deadline": "soon"})"),
        (Places{"/log-level", "/worker-deadline", "/workers"}));
}

TEST(SettingsReader, aWrongValueIsShownWithWhatItMustBe) {
    const auto reading = readSettings(R"({"log-level": "loud"})");
    ASSERT_EQ(reading.problems.size(), 1U);
    const auto text = describe(reading.problems[0]);
    EXPECT_NE(text.find("/log-level: must be one of debug, info, warning, error"), std::string::npos) << text;
    EXPECT_NE(text.find("loud"), std::string::npos) << text;
}

TEST(SettingsReader, rangesEndWhereTheySay) {
    EXPECT_EQ(wrongPlaces(R"({"workers": 256, "worker-deadline": 3600})"), Places{});
    EXPECT_EQ(wrongPlaces(R"({"workers": 257})"), Places{"/workers"});
    EXPECT_EQ(wrongPlaces(R"({"workers": 2.0})"), Places{"/workers"});
    EXPECT_EQ(wrongPlaces(R"({"worker-deadline": 0.9})"), Places{"/worker-deadline"});
    EXPECT_EQ(wrongPlaces(R"({"worker-deadline": 3601})"), Places{"/worker-deadline"});
    EXPECT_EQ(wrongPlaces(R"({"worker-deadline": 1e300})"), Places{"/worker-deadline"});
}

TEST(SettingsReader, eachQuotaCanBeSet) {
    const auto reading = readSettings(R"({"quotas": {"namespaces": 1, "leases": 2, "processes": 3,
                                                    "calls": 4, "rate": 5, "burst": 6}})");
    EXPECT_TRUE(reading.problems.empty());
    EXPECT_EQ(reading.settings.quotas, (QuotaLimits{1, 2, 3, 4, 5, 6}));
}

TEST(SettingsReader, aQuotaThatIsNotGivenStays) {
    QuotaLimits expected;
    expected.leases = 0;
    EXPECT_EQ(readSettings(R"({"quotas": {"leases": 0}})").settings.quotas, expected);
}

TEST(SettingsReader, wrongQuotasAreProblemsOfTheirPlace) {
    EXPECT_EQ(wrongPlaces(R"({"quotas": 16})"), Places{"/quotas"});
    EXPECT_EQ(wrongPlaces(R"({"quotas": {"calls": 0, "namespaces": 1000001, "rate": "much"}})"),
        (Places{"/quotas/calls", "/quotas/namespaces", "/quotas/rate"}));
    EXPECT_EQ(wrongPlaces(R"({"quotas": {"processes": 1000000, "namespaces": 0}})"), Places{});
}

TEST(SettingsReader, anUnknownQuotaIsAWarning) {
    const auto reading = readSettings(R"({"quotas": {"quarks": 6}})");
    ASSERT_EQ(reading.problems.size(), 1U);
    EXPECT_EQ(describe(reading.problems[0]), "/quotas/quarks: is no setting of nsd");
    EXPECT_FALSE(reading.hasErrors());
}

TEST(SettingsReader, wrongTypesAreProblemsOfTheirKey) {
    for (const auto* value : {"null", "true", "[]", "{}", "\"1\"", "[[1]]"})
        EXPECT_EQ(wrongPlaces(std::string(R"({"workers": )") + value + "}"), Places{"/workers"}) << value;
}

TEST(SettingsReader, aProblemLeavesTheDefault) {
    EXPECT_EQ(readSettings(R"({"workers": 1000})").settings, Settings{});
}

TEST(SettingsReader, anUnknownKeyIsAWarning) {
    const auto reading = readSettings(R"({"wrokers": 3})");
    ASSERT_EQ(reading.problems.size(), 1U);
    EXPECT_EQ(reading.problems[0].severity, Severity::Warning);
    EXPECT_EQ(reading.problems[0].pointer, "/wrokers");
    EXPECT_FALSE(reading.hasErrors());
}

TEST(SettingsReader, aPointerEscapesItsKey) {
    EXPECT_EQ(wrongPlaces(R"({"a/b~c": 1})"), Places{"/a~1b~0c"});
}

TEST(SettingsReader, aKeyThatStandsTwiceIsAnError) {
    const auto reading = readSettings(R"({"workers": 3, "workers": 4})");
    ASSERT_EQ(reading.problems.size(), 1U);
    EXPECT_EQ(describe(reading.problems[0]), "/workers: stands twice");
    EXPECT_TRUE(reading.hasErrors());
}

TEST(SettingsReader, aDoubledKeyIsFoundAtAnyDepth) {
    EXPECT_EQ(wrongPlaces(R"({"x": [1, {"y": [], "y": {}}]})"), (Places{"/x/1/y", "/x"}));
}

TEST(SettingsReader, aSyntaxErrorSaysItsLine) {
    const auto reading = readSettings("{\n  \"workers\": ,\n}");
    ASSERT_EQ(reading.problems.size(), 1U);
    EXPECT_NE(reading.problems[0].text.find("line 2"), std::string::npos) << reading.problems[0].text;
    EXPECT_TRUE(reading.hasErrors());
}

TEST(SettingsReader, whatIsNoObjectIsAnError) {
    for (const auto* text : {"", "[]", "3", "null", "{} {}", "\xff"})
        EXPECT_TRUE(readSettings(text).hasErrors()) << text;
}

TEST(SettingsReader, deepNestingIsNoDanger) {
    const std::string deep(100'000, '[');
    EXPECT_TRUE(readSettings(deep).hasErrors());
}

TEST(SettingsReader, aMissingFileGivesTheDefaults) {
    const test::TempDir directory;
    const auto reading = readSettingsFile(directory / "nsd.json");
    EXPECT_TRUE(reading.problems.empty());
    EXPECT_EQ(reading.settings, Settings{});
}

TEST(SettingsReader, whatIsNoFileIsAnErrorAndBlocksNobody) {
    const test::TempDir directory;
    const auto fifo = directory / "fifo";
    ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
    EXPECT_TRUE(readSettingsFile(fifo).hasErrors());
    EXPECT_TRUE(readSettingsFile(directory.path()).hasErrors());
}

TEST(SettingsReader, aHugeFileIsAnError) {
    const test::TempDir directory;
    test::writeFile(directory / "nsd.json", "{}" + std::string(1U << 20U, ' '));
    EXPECT_TRUE(readSettingsFile(directory / "nsd.json").hasErrors());
}

} // namespace
} // namespace nsd
