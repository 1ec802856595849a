// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/authority.hpp"
#include "daemon/core/namespace_record.hpp"
#include "daemon/core/rights.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <variant>

namespace nsd {

struct Allow {
    std::string ground; // "root", "everybody", "owner", "user:1000", "group:27"
};
struct Ask {
    std::string_view action; // of polkit
};
struct Refuse {
    std::string why;
};
using Decision = std::variant<Allow, Ask, Refuse>;

// Whether a caller has the right that a method needs, from what is known here alone: root, then what
// is everybody's, then owner and grants, then a question to somebody else, then no.
// `record`: the namespace that the method acts on; null: none. `owner`: whose the thing is that it
// acts on, where that is no named namespace: a process, or what is to be adopted.
[[nodiscard]] Decision decide(const MethodRule& rule, const Caller& caller, const NamespaceRecord* record,
    std::optional<uid_t> owner = std::nullopt);

} // namespace nsd
