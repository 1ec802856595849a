// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/options.hpp"

#include "common/error.hpp"

#include <gtest/gtest.h>
#include <vector>

namespace nsd {
namespace {

Options parse(std::vector<const char*> words) {
    words.insert(words.begin(), "nsd");
    return parseOptions(static_cast<int>(words.size()), words.data());
}

std::string whatIsWrongWith(const std::vector<const char*>& words) {
    try {
        (void)parse(words);
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), Errc::InvalidArgument);
        return error.text();
    }
    return "nothing";
}

TEST(Options, withoutAnyItRunsOnTheSystemBus) {
    const auto options = parse({});
    EXPECT_EQ(options.action, Options::Action::Run);
    EXPECT_EQ(options.bus, BusKind::System);
}

TEST(Options, theBusCanBeChosen) {
    EXPECT_EQ(parse({"--bus=private"}).bus, BusKind::Private);
    EXPECT_EQ(parse({"--bus", "system"}).bus, BusKind::System);
}

TEST(Options, eachActionHasItsFlag) {
    EXPECT_EQ(parse({"--check-config"}).action, Options::Action::CheckConfig);
    EXPECT_EQ(parse({"--version"}).action, Options::Action::ShowVersion);
    EXPECT_EQ(parse({"--help"}).action, Options::Action::ShowHelp);
}

TEST(Options, anUnknownBusIsNamedTogetherWithTheKnownOnes) {
    const auto text = whatIsWrongWith({"--bus=session"});
    EXPECT_NE(text.find("session"), std::string::npos) << text;
    EXPECT_NE(text.find("private"), std::string::npos) << text;
    EXPECT_NE(text.find("system"), std::string::npos) << text;
}

TEST(Options, anUnknownWordIsNamed) {
    EXPECT_NE(whatIsWrongWith({"--frob"}).find("--frob"), std::string::npos);
    EXPECT_NE(whatIsWrongWith({"web"}).find("web"), std::string::npos);
}

TEST(Options, eachMistakeIsOneLine) {
    const std::vector<std::vector<const char*>> mistakes{
        {"--bus=session"}, {"--bus"}, {"--frob"}, {"web"}, {"--bus=private", "--bus=system"}};
    for (const auto& words : mistakes) {
        const auto text = whatIsWrongWith(words);
        EXPECT_NE(text, "nothing") << words.front();
        EXPECT_EQ(text.find('\n'), std::string::npos) << text;
    }
}

TEST(Options, theHelpNamesEveryOption) {
    const auto text = helpText();
    for (const auto* option : {"--bus", "system|private", "--check-config", "--version", "--help"})
        EXPECT_NE(text.find(option), std::string::npos) << text;
}

} // namespace
} // namespace nsd
