// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_grant.hpp"

#include "daemon/core/grants.hpp"
#include "daemon/core/went_away.hpp"

#include <utility>

namespace nsd::bus {
namespace {

// `change` makes the new grants of the old ones and the grant that was named.
using Change = std::vector<Grant> (*)(std::vector<Grant>, const Grant&);

void changeGrants(Context& context, const Call& call, const Uuid& target, Grant named, Change change,
    const Reply<>& reply) {
    auto allowed = [&context, target, named = std::move(named), change, reply](const Caller&) {
        // As they are now: they may have changed while somebody was asked.
        const auto* const record = context.namespaces.findByUuid(target);
        if (record == nullptr)
            throw wentAway();
        context.namespaces.setGrants(target, change(record->grants, named));
        reply.send();
    };
    context.access.check(call, target, reply.then<Caller>(std::move(allowed)));
}

Grant grantOf(GrantArguments what) {
    return makeGrant(what.kind, what.id, std::move(what.rights));
}

} // namespace

void grant(
    Context& context, const Call& call, const Uuid& target, GrantArguments what, const Reply<>& reply) {
    auto named = grantOf(std::move(what));
    const auto row = gives(named, Right::Link) ? call.as("Grant link") : call;
    changeGrants(context, row, target, std::move(named), withGrant, reply);
}

void revoke(
    Context& context, const Call& call, const Uuid& target, GrantArguments what, const Reply<>& reply) {
    changeGrants(context, call, target, grantOf(std::move(what)), withoutGrant, reply);
}

} // namespace nsd::bus
