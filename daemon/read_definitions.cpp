// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/read_definitions.hpp"

#include "daemon/core/declared_request.hpp"

#include <utility>

namespace nsd {

DefinitionFiles checkedDefinitionFiles(const Directories& directories) {
    auto found = readDefinitionFiles({directories.configuration, directories.vendor, directories.state});
    for (auto& file : found.files) {
        if (!file.definition)
            continue;
        auto more = problemsOf(*file.definition);
        if (more.empty())
            continue;
        locate(file.text, more);
        file.problems.insert(file.problems.end(), more.begin(), more.end());
        found.unusable.insert(file.definition->name.str());
        file.definition.reset();
    }
    return found;
}

Definitions readDefinitions(const Directories& directories, Log& log) {
    auto found = checkedDefinitionFiles(directories);
    Definitions definitions{{}, std::move(found.unusable), found.incomplete};
    for (auto& file : found.files) {
        for (const auto& problem : file.problems)
            log.write(problem.severity == Problem::Severity::Error ? Log::Level::Error : Log::Level::Warning,
                describe(file.path, problem));
        if (file.definition)
            definitions.all.push_back(*std::move(file.definition));
    }
    return definitions;
}

} // namespace nsd
