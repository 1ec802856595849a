// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/completion/completion.hpp"
#include "client/completion/line_position.hpp"

#include <string>
#include <utility>
#include <vector>

namespace nsd::client {

// What one question of a shell is answered from: the place on the line, nsd, systemd and this host.
// Fills a Completion, each function with suggestions of one kind for the word that is being typed.
class Suggestions {
  public:
    Suggestions(const LinePosition& at, Surroundings& surroundings) : at_(at), surroundings_(surroundings) {}

    void nothing() {}
    void verbs();
    void optionNames();
    // Those of the namespaces that do not stand on the line yet.
    void namespaces();
    void types();
    void labels();
    // What `label` takes: KEY= and, of what the namespace has, KEY-.
    void labelChanges();
    void rights();
    void grantees();
    void users();
    void processes();
    void units();
    // What nsctl import finds.
    void namedNetworks();
    void files();
    void directories();
    // TYPE=FILE
    void typedFiles();
    void socketKinds();
    void forwardedPort();
    void jsonForms();
    void waitedFor();
    void propagations();
    void states();
    void columns();
    // Network links of the host.
    void links();
    // The words of "move|return|list".
    void choice(const std::string& words);
    // The words from here on are a command line of its own.
    void command() { completion_.command = at_.command; }

    [[nodiscard]] Completion take() { return std::move(completion_); }

  private:
    struct Word {
        const char* text;
        const char* description;
    };
    void add(const std::string& text, const std::string& description);
    void addAll(const std::vector<Word>& words);
    // The same for the last part of a list with commas, without what is in it already.
    void addToList(const std::vector<Word>& words);
    // Empty where nobody answers.
    [[nodiscard]] std::vector<ListedNamespace> known();

    const LinePosition& at_;
    Surroundings& surroundings_;
    Completion completion_;
};

} // namespace nsd::client
