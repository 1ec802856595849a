// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace nsd::client {

// The command line is wrong: exit status 2.
class UsageError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// One option, described once: for reading a line, for --help, and for completion.
struct Option {
    const char* name;            // "label"
    char letter = '\0';          // 't', or none
    const char* value = nullptr; // "K=V" where it takes one
    const char* help = "";
};

// How the words of a verb are laid out.
struct Words {
    const char* synopsis; // "NAME [--] COMMAND…"
    std::size_t least = 0;
    std::size_t most = 0;
    // Behind the first words, options end at the first word that does not begin with '-': it and
    // what follows are somebody else's command line.
    bool command = false;
    std::size_t own = 1; // so many words stand before that command
};

constexpr std::size_t anyNumber = static_cast<std::size_t>(-1);

// What stood on a command line: options in their order, and the words.
class Arguments {
  public:
    void add(std::string_view option, std::string value);
    void addWord(std::string word);

    [[nodiscard]] bool has(std::string_view option) const noexcept;
    // The last one given wins, as everywhere.
    [[nodiscard]] std::optional<std::string> value(std::string_view option) const;
    [[nodiscard]] std::vector<std::string> values(std::string_view option) const;
    [[nodiscard]] const std::vector<std::string>& words() const noexcept { return words_; }
    // The words from the second on.
    [[nodiscard]] std::vector<std::string> wordsBehindFirst() const;

  private:
    struct Given {
        std::string_view option;
        std::string value;
    };
    std::vector<Given> options_;
    std::vector<std::string> words_;
};

// Options up to the first word, for what stands before the verb; `rest` is what was not read.
[[nodiscard]] Arguments parseLeading(
    std::span<const Option> options, const std::vector<std::string>& line, std::vector<std::string>& rest);

// A verb's whole line. Does not count the words: checkWords does, once --help has had its turn.
[[nodiscard]] Arguments parseLine(
    std::span<const Option> options, const Words& layout, const std::vector<std::string>& line);

// Throws UsageError where words are missing or too many.
void checkWords(const Words& layout, const Arguments& arguments);

} // namespace nsd::client
