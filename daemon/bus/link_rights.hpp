// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_request.hpp"
#include "common/uuid.hpp"
#include "daemon/bus/call.hpp"
#include "daemon/bus/context.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nsd::bus {

// One of several decisions that a call needs: the row of the table of rights, and the namespace that it is
// on.
struct Check {
    std::string_view row;
    std::optional<Uuid> target{};
};

// Goes on with `allowed` if every one of them says yes, in this order; the first no is the answer.
template <class... Ts>
void checkEach(Context& context, const Call& call, std::vector<Check> checks, const Reply<Ts...>& reply,
    std::function<void(const Caller&)> allowed) {
    const auto check = checks.front();
    checks.erase(checks.begin());
    auto next = [&context, call, checks = std::move(checks), reply, allowed = std::move(allowed)](
                    const Caller& caller) mutable {
        if (checks.empty())
            allowed(caller);
        else
            checkEach(context, call, std::move(checks), reply, std::move(allowed));
    };
    context.access.check(call.as(check.row), check.target, reply.template then<Caller>(std::move(next)));
}

// The namespaces of the other ends, as they are called now. Throws Error{NoSuchNamespace, InvalidName}.
[[nodiscard]] std::map<std::string, Uuid> peersOf(
    const Namespaces& namespaces, const std::vector<LinkRequest>& links);
// What the links of a new namespace need: link for the host's ends, manage for those in other namespaces.
[[nodiscard]] std::vector<Check> checksOf(
    const std::vector<LinkRequest>& links, const std::map<std::string, Uuid>& peers);

} // namespace nsd::bus
