// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/account_names.hpp"
#include "config/definition.hpp"
#include "config/problem.hpp"
#include "daemon/core/create_request.hpp"

#include <cstdint>
#include <string>
#include <vector>

// A definition as the request that it stands for, and a namespace as the definition that it could have been
// made from.
namespace nsd {

// What is wrong with a definition beside the types of its values, as far as it can be said without asking
// who its users and groups are.
[[nodiscard]] std::vector<Problem> problemsOf(const Definition& definition);

// One without problems as its namespace remembers it.
[[nodiscard]] Definition inNormalForm(Definition definition);

// The users and groups that it has by name.
[[nodiscard]] AccountNames namesIn(const Definition& definition);
// Root's request. Throws Error{InvalidArgument}, also for a user or group that does not exist.
[[nodiscard]] CreateRequest requestOf(const Definition& definition, const AccountIds& ids);

// With all ids as numbers, and its UUID.
[[nodiscard]] Definition definitionOf(const NamespaceRecord& record);

// Of what can be changed in place.
[[nodiscard]] std::uint64_t digestOf(const Labels& labels, const std::vector<Grant>& grants);
// The keys of what cannot, and differs: "types", "hostname" …
[[nodiscard]] std::vector<std::string> differences(
    const NamespaceRecord& record, const CreateRequest& request);

} // namespace nsd
