// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/apply/apply_plan.hpp"

#include "common/quote.hpp"
#include "common/word_list.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nsd::client {
namespace {

using Action = PlannedDefinition::Action;

const char* wordOf(Action action) noexcept {
    constexpr std::array words{"created", "changed", "unchanged", "removed"};
    return words.at(static_cast<std::size_t>(action));
}

bool hasAll(const Labels& labels, const Labels& wanted) {
    return std::includes(labels.begin(), labels.end(), wanted.begin(), wanted.end());
}

bool isFromFile(const NamespaceDetails& details) {
    return details.origin == "declared" || details.origin == "unit";
}

// "web.json:7: /types/0: …"
std::string describe(const CheckedDefinitions::Problem& problem, const InputDefinition& definition) {
    auto text = definition.source;
    if (definition.isFile && problem.line > 0)
        text += ":" + std::to_string(problem.line);
    return text + ": " + (problem.pointer.empty() ? "" : problem.pointer + ": ") + problem.text;
}

} // namespace

ApplyPlan::ApplyPlan(const std::vector<InputDefinition>& input, const DefinitionsDirectory& directory,
    const std::optional<Labels>& prune, const std::function<void(const std::string&)>& warn) {
    auto present = directory.read();
    for (const auto& definition : input) {
        const auto old = present.extract(definition.name);
        const auto action = old.empty()                       ? Action::Created
                            : old.mapped() == definition.text ? Action::Unchanged
                                                              : Action::Changed;
        rows_.push_back({definition.name, action, directory.pathOf(definition.name), definition.source,
            definition.text, {}, {}});
    }
    for (const auto& [name, text] : prune ? present : decltype(present)()) {
        try {
            if (!text.empty() && hasAll(labelsOf(text), *prune))
                rows_.push_back({name, Action::Removed, directory.pathOf(name), {}, {}, {}, {}});
        } catch (const Error& error) {
            warn(directory.pathOf(name) + " stays, since its labels cannot be read: it " + error.text());
        }
    }
    std::sort(rows_.begin(), rows_.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
}

std::vector<std::string> ApplyPlan::check(Client& client, const std::vector<InputDefinition>& input) {
    std::map<std::string, std::string> texts;
    std::map<std::string, const InputDefinition*> sources;
    for (const auto& definition : input) {
        texts.emplace(definition.name, definition.text);
        sources.emplace(definition.name, &definition);
    }
    const auto checked = client.checkDefinitions(texts);
    std::vector<std::string> problems;
    for (const auto& problem : checked.problems)
        problems.push_back(describe(problem, *sources.at(problem.name)));
    for (auto& row : rows_) {
        const auto normal = checked.normal.find(row.name);
        if (row.action == Action::Removed || normal != checked.normal.end())
            lookAt(client, row, normal == checked.normal.end() ? "" : normal->second, problems);
    }
    return problems;
}

void ApplyPlan::lookAt(
    Client& client, PlannedDefinition& row, const std::string& normal, std::vector<std::string>& problems) {
    const auto live = showIfThere(client, row.name);
    if (!live)
        return;
    row.state = live->state;
    if (row.action == Action::Removed) {
        if (isFromFile(*live))
            row.note = "stays until it is destroyed: nsctl destroy " + row.name;
    } else if (live->lifetime == "persistent") {
        problems.push_back(row.source + ": " + quoted(row.name) +
                           " was made with --persistent, and has a definition of its own: destroy it first");
    } else if (!isFromFile(*live)) {
        row.note = "another " + row.name + " is there, not from a file: destroy it, and apply again";
    } else if (live->state != "pending") {
        const auto keys = lastingDifferences(normal, client.exportDefinition(row.name));
        if (!keys.empty())
            row.note = joined(keys, ", ") + ": when it is made again (nsctl destroy --force " + row.name +
                       ", and apply again)";
    }
}

void ApplyPlan::writeTo(const DefinitionsDirectory& directory) const {
    DefinitionsDirectory::Change change;
    for (const auto& row : rows_) {
        if (row.action == Action::Removed)
            change.removed.push_back(row.name);
        else if (row.action != Action::Unchanged)
            change.written.emplace(row.name, row.text);
    }
    directory.change(change);
}

bool ApplyPlan::await(Client& client) {
    bool good = true;
    for (auto& row : rows_) {
        if (row.action == Action::Removed) {
            row.state = showIfThere(client, row.name).value_or(NamespaceDetails()).state;
            continue;
        }
        try {
            client.awaitDeclared(row.name);
            row.state = client.show(row.name).state;
        } catch (const Unanswered&) {
            throw;
        } catch (const Error& error) {
            row.state = "pending";
            row.note = error.text();
            good = false;
        }
    }
    return good;
}

std::vector<Record> ApplyPlan::records() const {
    std::vector<Record> records;
    records.reserve(rows_.size());
    for (const auto& row : rows_)
        records.push_back({{
            {"name", "Name", row.name},
            {"action", "File", wordOf(row.action)},
            {"state", "State", row.state},
            {"note", "Note", row.note},
            {"file", "", row.file},
            {"source", "", row.source},
        }});
    return records;
}

} // namespace nsd::client
