// SPDX-License-Identifier: LGPL-2.1-or-later
//
// How nsctl reads options and words, with a table of its own: what the parser below may not do with them.
#include "client/cli/arguments.hpp"
#include "client/cli/option_parser.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>

namespace nsd::client {
namespace {

using Texts = std::vector<std::string>;

constexpr std::array options{
    Option{"types", 't', "TYPE"},
    Option{"label", '\0', "K=V"},
    Option{"lease", '\0', "SPAN"},
    Option{"force", 'f', nullptr},
    Option{"map", '\0', "FILE"},
    Option{"map-root", '\0', nullptr},
    Option{"quiet", 'q', nullptr},
};
constexpr Words mixed{"NAME…", 0, anyNumber};

constexpr Words commandBehind(std::size_t own) {
    return {"COMMAND…", 0, anyNumber, true, own};
}

Arguments read(const Texts& line, const Words& layout = mixed) {
    return parseLine(options, layout, line);
}

std::string mistakeIn(const Texts& line, const Words& layout = mixed) {
    try {
        const auto arguments = read(line, layout);
        return "none";
    } catch (const UsageError& error) {
        return error.what();
    }
}

// Words and values that mean something to other programs, or to the parser.
const Texts oddTexts{"", " ", "-", "=", "==", "a=", "=a", "a=b", "[a,b]", "[]", "[", "a,b", "{}", "\"\"",
    "\"x", "'x'", "%%", "\\n", "\n", "a b", "/q", "/types:x", "++", "true", "false", "# x", "\xff"};
const Texts optionLike{"-2d", "-1h", "-x", "-t", "-ta", "-q", "-q-", "-", "--", "---", "--force", "--forc",
    "--frob", "--label=", "--types=a", "--force=true", "-!"};

TEST(ReadingOptions, TakesAValueInEachForm) {
    const auto arguments = read({"--types", "a", "--types=b", "-t", "c", "-td", "-qft", "e", "-qtf", "-t=g"});
    EXPECT_EQ(arguments.values("types"), (Texts{"a", "b", "c", "d", "e", "f", "=g"}));
    EXPECT_EQ(arguments.value("types"), "=g");
    EXPECT_TRUE(arguments.has("quiet") && arguments.has("force"));
    EXPECT_FALSE(arguments.has("map-root"));
    EXPECT_TRUE(arguments.words().empty());
}

TEST(ReadingOptions, AnEmptyValueEatsNoWord) {
    const auto arguments = read({"--label=", "web", "--types=", "--label", "", "-t", ""});
    EXPECT_EQ(arguments.values("label"), (Texts{"", ""}));
    EXPECT_EQ(arguments.values("types"), (Texts{"", ""}));
    EXPECT_EQ(arguments.words(), Texts{"web"});
}

TEST(ReadingOptions, ValuesComeThroughByteForByte) {
    for (const auto* texts : {&oddTexts, &optionLike}) {
        for (const auto& text : *texts) {
            const auto arguments = read({"--label", text, "web", "-t", text, "--label=" + text});
            EXPECT_EQ(arguments.values("label"), (Texts{text, text})) << text;
            EXPECT_EQ(arguments.value("types"), text);
            EXPECT_EQ(arguments.words(), Texts{"web"}) << text;
            EXPECT_EQ(read({"-tx" + text}).value("types"), "x" + text);
        }
    }
}

TEST(ReadingOptions, WordsComeThroughByteForByte) {
    for (const auto& text : oddTexts) {
        EXPECT_EQ(read({text, "-q", text}).words(), (Texts{text, text})) << text;
        EXPECT_EQ(read({text, "-q", text, "-q"}, commandBehind(1)).words(), (Texts{text, text, "-q"}))
            << text;
    }
}

TEST(ReadingOptions, BehindTwoDashesAllAreWords) {
    for (const auto& text : optionLike) {
        EXPECT_EQ(read({"-q", "--", text, "a="}).words(), (Texts{text, "a="})) << text;
        EXPECT_EQ(read({"web", "--", text}, commandBehind(1)).words(), (Texts{"web", text})) << text;
        EXPECT_EQ(read({"--", text, "-x"}, commandBehind(1)).words(), (Texts{text, "-x"})) << text;
    }
    EXPECT_EQ(read({"a", "--", "--", "-t", "--"}).words(), (Texts{"a", "--", "-t", "--"}));
    EXPECT_TRUE(read({"--"}).words().empty());
}

TEST(ReadingOptions, TheCommandIsNotRead) {
    for (const auto& text : optionLike) {
        EXPECT_EQ(read({"a", "b", "ls", text, "-t"}, commandBehind(2)).words(),
            (Texts{"a", "b", "ls", text, "-t"}));
        EXPECT_EQ(read({"-q", "ls", text}, commandBehind(0)).words(), (Texts{"ls", text}));
    }
    const auto arguments = read({"-t", "a", "web", "-t", "b", "ls", "--", "-t", "c"}, commandBehind(1));
    EXPECT_EQ(arguments.values("types"), (Texts{"a", "b"}));
    EXPECT_EQ(arguments.words(), (Texts{"web", "ls", "--", "-t", "c"}));
}

TEST(ReadingOptions, AValueThatIsTwoDashesEndsNothing) {
    const auto arguments = read({"-t", "--", "web", "--label", "a", "ls"}, commandBehind(1));
    EXPECT_EQ(arguments.value("types"), "--");
    EXPECT_EQ(arguments.value("label"), "a");
    EXPECT_EQ(arguments.words(), (Texts{"web", "ls"}));
}

TEST(ReadingOptions, WhatStandsBeforeTheVerbEndsAtTheFirstWord) {
    Texts rest;
    const auto arguments =
        parseLeading(options, {"-q", "--label=", "-t", "-2d", "list", "-x", "a=", "--", "-q"}, rest);
    EXPECT_EQ(arguments.value("label"), "");
    EXPECT_EQ(arguments.value("types"), "-2d");
    EXPECT_EQ(rest, (Texts{"list", "-x", "a=", "--", "-q"}));
    EXPECT_THROW((void)parseLeading(options, {"-2", "list"}, rest), UsageError);
}

TEST(ReadingOptions, AnUnknownOptionIsNeitherWordNorCommand) {
    for (const std::string text : {"-x", "-2", "-!", "-=", "- ", "-\n", "--frob", "--frob=x", "---",
             "--=", "--!", "-h", "--help", "--version", "--no-quiet", "--QUIET", "--map_root", "--for_ce"}) {
        for (const auto& layout : {mixed, commandBehind(0), commandBehind(1), commandBehind(2)}) {
            for (const auto& line : {Texts{text}, Texts{text, "web", "ls"}, Texts{"-q", text, "--", "ls"}})
                EXPECT_EQ(mistakeIn(line, layout).rfind("unknown option \"-", 0), 0U) << text;
        }
        for (const auto& layout : {mixed, commandBehind(1), commandBehind(2)})
            EXPECT_NE(mistakeIn({"web", text, "ls"}, layout), "none") << text;
    }
    EXPECT_EQ(mistakeIn({"-qx5"}), "unknown option \"-x\"");
    EXPECT_EQ(mistakeIn({"-q2"}), "unknown option \"-2\"");
    EXPECT_EQ(mistakeIn({"-q=yes"}), "unknown option \"-=\"");
    EXPECT_EQ(mistakeIn({"web", "-q-", "ls"}), "unknown option \"--\"");
    EXPECT_EQ(mistakeIn({"-q-", "ls", "--"}, commandBehind(0)), "unknown option \"--\"");
    EXPECT_EQ(mistakeIn({"--frob", "web", "--label"}), "unknown option \"--frob\"") << "the first is told";
}

TEST(ReadingOptions, AFlagTakesNoValue) {
    for (const auto* value : {"", "yes", "true", "false", "{}", "="})
        EXPECT_EQ(mistakeIn({std::string("--map-root=") + value, "web"}), "option --map-root takes no value");
}

TEST(ReadingOptions, AMissingValueIsTold) {
    EXPECT_EQ(mistakeIn({"web", "--label"}), "option --label needs a value");
    EXPECT_EQ(mistakeIn({"-t"}), "option -t needs a value");
    EXPECT_EQ(mistakeIn({"-qt"}, commandBehind(0)), "option -t needs a value");
}

TEST(ReadingOptions, TheBeginningOfOneNameStandsForIt) {
    const auto arguments =
        read({"--forc", "--la", "--forc", "--lea=--l", "--map", "--ma", "--map-", "--ty=", "web"});
    EXPECT_TRUE(arguments.has("force") && arguments.has("map-root"));
    EXPECT_EQ(arguments.values("label"), Texts{"--forc"}) << "that was a value";
    EXPECT_EQ(arguments.values("lease"), Texts{"--l"});
    EXPECT_EQ(arguments.values("map"), Texts{"--ma"}) << "a whole name wins";
    EXPECT_EQ(arguments.value("types"), "");
    EXPECT_EQ(read({"web", "ls", "--forc", "--l"}, commandBehind(1)).words(),
        (Texts{"web", "ls", "--forc", "--l"}));
    EXPECT_EQ(mistakeIn({"--l=a"}), "unknown option \"--l=a\" (--label or --lease?)");
    EXPECT_EQ(mistakeIn({"--ma"}), "unknown option \"--ma\" (--map or --map-root?)");
}

TEST(ReadingOptions, CompletionFindsTheSameOption) {
    EXPECT_EQ(optionNamed(options, "lab"), &options[1]);
    EXPECT_EQ(optionNamed(options, "map"), &options[4]);
    for (const auto* name : {"", "l", "ma", "labels", "Label"})
        EXPECT_EQ(optionNamed(options, name), nullptr) << name;
    EXPECT_EQ(optionNamed(std::span(options).first(1), ""), nullptr);
}

TEST(ReadingOptions, AMistypedNameIsGuessedAt) {
    EXPECT_EQ(mistakeIn({"--lable", "a=b"}), "unknown option \"--lable\", is it --label?");
    EXPECT_EQ(mistakeIn({"--typse=net"}), "unknown option \"--typse=net\", is it --types?");
    EXPECT_EQ(mistakeIn({"--something"}), "unknown option \"--something\"");
}

TEST(ReadingOptions, TheEnvironmentSaysNothing) {
    for (const auto* name : {"types", "TYPES", "label", "config"})
        ::setenv(name, "x", 1);
    const auto arguments = read({"web"});
    for (const auto* name : {"types", "TYPES", "label", "config"})
        ::unsetenv(name);
    for (const auto& option : options)
        EXPECT_FALSE(arguments.has(option.name)) << option.name;
}

} // namespace
} // namespace nsd::client
