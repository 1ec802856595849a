// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What nsctl prints of no namespace, of one and of a thousand: for programs, in a pipe, and on a terminal of
// 80 columns.
#include "tests/support/system_test.hpp"
#include "tests/support/test_terminal.hpp"

#include <array>
#include <cctype>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace nsd::test {
namespace {

using Json = nlohmann::json;
using Lines = std::vector<std::string>;

constexpr std::size_t many = 1000;
constexpr std::size_t terminalWidth = 80;

std::string nameOf(std::size_t number) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "n%04zu", number);
    return text.data();
}

Lines linesOf(const std::string& text) {
    Lines lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

std::set<std::string> keysOf(const Json& object) {
    std::set<std::string> keys;
    for (const auto& [key, value] : object.items())
        keys.insert(key);
    return keys;
}

// Escape sequences take no room; bytes that go on with a character neither.
std::size_t widthOf(const std::string& line) {
    std::size_t width = 0;
    bool inEscape = false;
    for (const char c : line) {
        inEscape = inEscape || c == '\x1b';
        if (!inEscape && c != '\r' && (static_cast<unsigned char>(c) & 0xc0U) != 0x80)
            ++width;
        if (inEscape && std::isalpha(static_cast<unsigned char>(c)) != 0)
            inEscape = false;
    }
    return width;
}

class Scale : public SystemTest {
  protected:
    struct Table {
        Arguments words;
        std::size_t beside = 0; // lines that are no namespace's: of the root of a tree
    };
    const std::vector<Table> tables{{{"list"}}, {{"list", "-o", "all"}}, {{"list", "--links"}},
        {{"list", "--tree"}, 1}, {{"top", "-b", "-n", "1"}}};

    std::string nsctlWith(Arguments words, const Arguments& more) {
        words.insert(words.end(), more.begin(), more.end());
        return nsctl(words);
    }

    void expectTables(std::size_t count) {
        for (const auto& [words, beside] : tables) {
            const auto piped = linesOf(nsctl(words));
            ASSERT_EQ(piped.size(), count == 0 ? 0 : 1 + beside + count) << words.back();
            EXPECT_EQ(
                linesOf(nsctlWith(words, {"--no-legend"})).size(), piped.empty() ? 0 : piped.size() - 1);
            for (const auto& line : piped)
                EXPECT_EQ(line.find('\x1b'), std::string::npos) << line;
            if (piped.empty())
                continue;
            expectAligned(piped, words.back());
        }
        expectWhole(nsctl({"list"}), count);
    }
    // Nothing is cut in a pipe.
    void expectWhole(const std::string& text, std::size_t count) const {
        std::size_t found = 0;
        for (auto at = text.find(longLabel_); at != std::string::npos; at = text.find(longLabel_, at + 1))
            ++found;
        EXPECT_EQ(found, count);
    }
    // The second column begins at one place.
    static void expectAligned(const Lines& lines, const std::string& what) {
        const auto second = lines.front().find_first_not_of(' ', lines.front().find(' '));
        ASSERT_NE(second, std::string::npos) << what;
        for (const auto& line : lines) {
            ASSERT_GT(line.size(), second) << what << ": " << line;
            EXPECT_EQ(line[second - 1], ' ') << what << ": " << line;
            EXPECT_NE(line[second], ' ') << what << ": " << line;
        }
    }

    void expectJson(std::size_t count) {
        for (const auto& [words, beside] : tables) {
            const auto text = nsctlWith(words, {"--json=short"});
            auto rows = Json::parse(text);
            if (beside > 0 && !rows.empty())
                rows = Json(rows.at(0).at("children"));
            ASSERT_EQ(rows.size(), count) << words.back();
            for (const auto& row : rows)
                EXPECT_EQ(keysOf(row), keysOf(rows.front())) << words.back();
            if (count > 0)
                keys_.try_emplace(words.back(), keysOf(rows.front()));
            if (count > 0) {
                EXPECT_EQ(keysOf(rows.front()), keys_.at(words.back())) << "others than before";
            }
        }
        EXPECT_EQ(Json::parse(nsctl({"export", "--all", "--json=short"})).size(), count);
        EXPECT_EQ(Json::parse(nsctl({"status", "--json=short"})).at("namespaces"), count);
    }

    // The verbs that answer for one of them, and the list that has none of them.
    void expectOne(std::size_t count) {
        EXPECT_EQ(Json::parse(nsctl({"link", "list", "--json=short"})), Json::array());
        EXPECT_EQ(linesOf(nsctl({"link", "list"})).size(), 0U);
        if (count == 0)
            return;
        const auto last = nameOf(count - 1);
        const std::string type = (count - 1) % 2 == 0 ? "uts" : "ipc";
        const auto why = Json::parse(nsctl({"why", last, "--json=short"}));
        ASSERT_EQ(why.at("holders").size(), 1U) << why;
        EXPECT_EQ(why.at("holders").at(0).at("kind"), "pin");
        EXPECT_EQ(why.at("name"), last);
        const auto told = linesOf(nsctl({"why", last}));
        ASSERT_GE(told.size(), 3U);
        EXPECT_NE(told.at(1).find("pin"), std::string::npos) << told.at(1);
        EXPECT_EQ(nsctl({"identify", daemon().pin(last, type).string()}), last + ' ' + type);
        EXPECT_TRUE(linesOf(nsctl({"show", last})).front().ends_with("Name: " + last));
        for (const auto& row : Json::parse(nsctl({"ps", last, "--json=short"})))
            ADD_FAILURE() << "nobody lives there: " << row;
    }

    void expectTerminal(std::size_t count) {
        for (const auto& [words, beside] : tables) {
            TestTerminal terminal;
            terminal.resize(24, terminalWidth);
            Arguments line{TestDaemon::binary("nsctl")};
            line.insert(line.end(), words.begin(), words.end());
            CommandOptions options;
            options.environment["NSD_BUS_ADDRESS"] = daemon().busAddress();
            terminal.start(line, options);
            if (count > 0) {
                ASSERT_TRUE(terminal.shows(nameOf(count - 1))) << words.back();
            }
            EXPECT_EQ(terminal.wait(), 0);
            if (words.back() == "all")
                continue; // what is wider than a terminal even with nothing in its lists
            for (const auto& shown : linesOf(terminal.output()))
                EXPECT_LE(widthOf(shown), terminalWidth) << words.back() << ": " << shown;
        }
    }

    void expectAll(std::size_t count) {
        SCOPED_TRACE(count);
        expectTables(count);
        expectJson(count);
        expectOne(count);
        expectTerminal(count);
    }

    // Files of so many, which nsd makes.
    void declare(std::size_t first, std::size_t end) {
        auto definitions = Json::array();
        for (auto number = first; number < end; ++number)
            definitions.push_back({{"name", nameOf(number)}, {"types", {number % 2 == 0 ? "uts" : "ipc"}},
                {"labels", {{"app", "scale"}, {"text", longLabel_}}}});
        const auto file = daemon().directory() / "many.json";
        writeFile(file, definitions.dump());
        CommandOptions patient;
        patient.timeout = std::chrono::seconds(120);
        const auto rows = Json::parse(daemon().mustNsctl({"apply", "-f", file, "--json=short"}, patient));
        ASSERT_EQ(rows.size(), end - first);
        for (const auto& row : rows)
            ASSERT_EQ(row.at("state"), "ready") << row;
    }

    const std::string longLabel_ = std::string(200, 'x');
    std::map<std::string, std::set<std::string>> keys_;
};

TEST_F(Scale, EachTableTreeAndJsonOfNoneOneAndAThousand) {
    declare(0, 0);
    expectAll(0);
    declare(0, 1);
    expectAll(1);
    declare(1, many);
    expectAll(many);

    Arguments names;
    for (std::size_t number = 0; number < many; ++number)
        names.push_back(nameOf(number));
    const auto with = [&](Arguments words) {
        words.insert(words.end(), names.begin(), names.end());
        return words;
    };
    EXPECT_EQ(Json::parse(nsctl(with({"show", "--json=short"}))).size(), many);
    nsctl({"wait", nameOf(many - 1)});
    CommandOptions patient;
    patient.timeout = std::chrono::seconds(120);
    daemon().mustNsctl(with({"-q", "destroy", "--force", "--timeout=0"}), patient);
    EXPECT_EQ(nsctl({"list"}), "");
}

} // namespace
} // namespace nsd::test
