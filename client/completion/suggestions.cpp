// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/completion/suggestions.hpp"

#include "client/cli/values.hpp"
#include "common/namespace_type.hpp"
#include "common/word_list.hpp"

#include <set>
#include <string_view>
#include <utility>

namespace nsd::client {

void Suggestions::add(const std::string& text, const std::string& description) {
    completion_.suggestions.push_back({at_.before + text, description});
}

void Suggestions::addAll(const std::vector<Word>& words) {
    for (const auto& [text, description] : words)
        add(text, description);
}

void Suggestions::addToList(const std::vector<Word>& words) {
    const auto comma = at_.typed.rfind(',');
    const auto before = comma == std::string::npos ? std::string() : at_.typed.substr(0, comma + 1);
    const auto there = split(before, ',');
    for (const auto& [text, description] : words)
        if (!contains(there, text))
            add(before + text, description);
}

std::vector<ListedNamespace> Suggestions::known() {
    if (at_.given.has("host"))
        return {}; // those of another machine
    Globals globals;
    globals.bus = at_.given.value("bus");
    globals.askPassword = false;
    try {
        return surroundings_.connect(globals)->list({});
    } catch (const std::exception&) {
        return {}; // whoever types has not asked for an error
    }
}

void Suggestions::verbs() {
    for (const auto* verb : allVerbs())
        add(verb->name, verb->summary);
}

void Suggestions::optionNames() {
    for (const auto& option : optionsFor(at_.verb)) {
        if (option.letter != '\0' && at_.typed == "-")
            add(std::string{'-', option.letter}, option.help);
        add(std::string("--") + option.name + (option.value != nullptr ? "=" : ""), option.help);
    }
}

void Suggestions::namespaces() {
    for (const auto& row : known())
        if (!contains(at_.given.words(), row.name))
            add(row.name, joined(row.types, ",") + (row.state == "ready" ? "" : ", " + row.state));
}

void Suggestions::types() {
    addToList({{"cgroup", "control groups"}, {"ipc", "System V IPC and POSIX message queues"},
        {"mnt", "mounts"}, {"net", "links, addresses, ports"}, {"pid", "process ids"},
        {"time", "monotonic and boot-time clocks"}, {"user", "user and group ids, capabilities"},
        {"uts", "host name and NIS domain name"}});
    if (at_.typed.find(',') == std::string::npos)
        add("all", "all of them");
}

void Suggestions::labels() {
    std::set<std::pair<std::string, std::string>> labels;
    for (const auto& row : known())
        labels.insert(row.labels.begin(), row.labels.end());
    for (const auto& [key, value] : labels)
        add(std::string(key).append("=").append(value), "");
}

void Suggestions::labelChanges() {
    std::set<std::string> keys;
    for (const auto& row : known()) {
        const bool isMeant = !at_.given.words().empty() && row.name == at_.given.words().front();
        for (const auto& [key, value] : row.labels) {
            keys.insert(key);
            if (isMeant)
                add(key + "-", std::string("take ").append(key).append("=").append(value).append(" away"));
        }
    }
    for (const auto& key : keys)
        add(key + "=", "set it");
}

void Suggestions::rights() {
    addToList(
        {{"view", "see it; everybody may"}, {"hold", "take a lease"}, {"socket", "open a socket inside"},
            {"enter", "run a command inside"}, {"fds", "get the descriptors of its namespaces"},
            {"manage", "destroy, rename and label it"}, {"link", "move links of the host"}});
}

void Suggestions::files() {
    completion_.files = Completion::Files::All;
    completion_.filesFrom = at_.before.size();
}

void Suggestions::directories() {
    completion_.files = Completion::Files::Directories;
    completion_.filesFrom = at_.before.size();
}

void Suggestions::typedFiles() {
    if (at_.given.has("pid"))
        return;
    const auto equals = at_.typed.find('=');
    if (equals == std::string::npos) {
        for (const auto type : allNamespaceTypes)
            add(std::string(toWord(type)) + "=", "a file that is such a namespace");
        return;
    }
    files();
    completion_.filesFrom = equals + 1;
}

void Suggestions::socketKinds() {
    addAll({{"tcp", "not bound"}, {"tcp:", "bound to ADDRESS:PORT, listening"}, {"tcp6", "not bound"},
        {"tcp6:", "bound to [ADDRESS]:PORT, listening"}, {"udp", "not bound"},
        {"udp:", "bound to ADDRESS:PORT"}, {"udp6", "not bound"}, {"udp6:", "bound to [ADDRESS]:PORT"}});
}

void Suggestions::forwardedPort() {
    add("tcp:", "ADDRESS:PORT here, then [ADDRESS:]PORT inside");
}

void Suggestions::jsonForms() {
    addAll({{"short", "one line"}, {"pretty", "indented"}, {"off", "for people"}});
}

void Suggestions::choice(const std::string& words) {
    for (const auto& word : split(words, '|'))
        add(word, "");
}

void Suggestions::propagations() {
    addAll({{"private", "neither way"}, {"slave", "from outside to inside"}, {"shared", "both ways"},
        {"unchanged", "as it is outside"}});
}

void Suggestions::states() {
    addAll({{"ready", "it is there and whole"}, {"pending", "declared, and not made yet"},
        {"degraded", "process 1 of its pid namespace is dead"}});
}

void Suggestions::columns() {
    addToList({{"name", ""}, {"types", ""}, {"owner", ""}, {"state", ""}, {"created", ""}, {"labels", ""},
        {"origin", ""}, {"uuid", ""}, {"path", "the object on the bus"}});
    if (at_.typed.find(',') == std::string::npos)
        add("all", "all of them");
}

void Suggestions::waitedFor() {
    addAll({{"ready", "it is there and whole"}, {"empty", "no process lives in it"},
        {"gone", "it is destroyed"}});
}

} // namespace nsd::client
