// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_definitions.hpp"

#include "daemon/core/definition_text.hpp"

#include <utility>

namespace nsd::bus {

void exportDefinition(
    Context& context, const Call& call, const Uuid& target, const Reply<std::string>& reply) {
    context.access.check(call, target, reply.then<Caller>([&context, target, reply](const Caller&) {
        reply.send(definitionText(context.namespaces.definition(target)));
    }));
}

void checkDefinitions(Context& context, const Call& call, TextMap definitions,
    const Reply<TextMap, std::vector<WireProblem>>& reply) {
    auto check = [definitions = std::move(definitions), reply](const Caller&) {
        TextMap normal;
        std::vector<WireProblem> problems;
        for (const auto& [name, text] : definitions) {
            auto checked = checkDefinition(name, text);
            for (auto& problem : checked.problems)
                problems.emplace_back(
                    name, problem.line, std::move(problem.pointer), std::move(problem.text));
            if (checked.problems.empty())
                normal.emplace(name, std::move(checked.normal));
        }
        reply.send(normal, problems);
    };
    context.access.check(call, std::nullopt, reply.then<Caller>(std::move(check)));
}

} // namespace nsd::bus
