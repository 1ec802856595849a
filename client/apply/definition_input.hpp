// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

// Definitions of namespaces as texts: what `nsctl apply -f` was given, and what `nsctl export` prints.
namespace nsd::client {

struct InputDefinition {
    std::string name;
    std::string text;   // of the file that it is to become: as it was written, where it was a file of its own
    std::string source; // for messages: "web.json", "standard input: web"
    bool isFile = false; // lines of the text are lines of the source
};

struct Input {
    std::vector<InputDefinition> definitions{};
    std::vector<std::string> problems{}; // "web.json: …"
};

// Of files, of directories (each file NAME.json in them), and of "-", standard input. A file has one
// definition, whose name is its key "name" or else that of the file, or an array of them, each with a "name".
// Throws Error where something cannot be read.
[[nodiscard]] Input readInput(const std::vector<std::string>& sources);

// The labels that a definition has, as far as its text can be read. Throws Error{InvalidArgument}.
[[nodiscard]] std::map<std::string, std::string> labelsOf(const std::string& text);

// The keys under which two definitions in normal form differ, but for labels and grants, which are changed in
// place, and forwards.
[[nodiscard]] std::vector<std::string> lastingDifferences(const std::string& one, const std::string& other);

// Definitions, each with its name, as readInput() reads them: an object for one, an array for several.
struct NamedText {
    std::string name;
    std::string text;
};
enum class TextForm { One, Array };
[[nodiscard]] std::string exportText(const std::vector<NamedText>& definitions, TextForm form, bool indented);

// The names of the links that a definition makes.
[[nodiscard]] std::vector<std::string> linkNamesIn(const std::string& text);

} // namespace nsd::client
