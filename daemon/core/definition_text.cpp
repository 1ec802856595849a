// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/definition_text.hpp"

#include "common/quote.hpp"
#include "config/definition_reader.hpp"
#include "daemon/core/declared_request.hpp"

#include <algorithm>
#include <utility>

namespace nsd {

std::string definitionText(Definition definition) {
    definition.uuid.reset();
    return writeDefinition(definition);
}

CheckedDefinition checkDefinition(const std::string& name, const std::string& text) {
    if (!Name::isValid(name))
        return {{}, {{Problem::Severity::Error, "", quoted(name) + " is no name of a namespace"}}};
    auto reading = readDefinition(text, Name(name), Definition::Place::Configuration);
    if (std::none_of(reading.problems.begin(), reading.problems.end(),
            [](const Problem& problem) { return problem.severity == Problem::Severity::Error; })) {
        auto more = problemsOf(reading.definition);
        reading.problems.insert(reading.problems.end(), more.begin(), more.end());
        locate(text, reading.problems);
    }
    if (!reading.problems.empty())
        return {{}, std::move(reading.problems)};
    return {definitionText(inNormalForm(std::move(reading.definition))), {}};
}

} // namespace nsd
