// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/reconcile.hpp"

#include "common/quote.hpp"

namespace nsd {
namespace {

Verdict quarantine(std::string reason) {
    return {Verdict::Kind::Quarantine, std::move(reason)};
}

std::string pinOf(NamespaceType type) {
    return "the pin of type " + std::string(toWord(type));
}

} // namespace

Verdict reconcile(const FoundNamespace& found, const std::string& bootId) {
    const auto& recorded = found.meta.record.identities;
    if (found.meta.bootId != bootId)
        return quarantine("it was made in another boot, " + quoted(found.meta.bootId));
    for (const auto& [type, identity] : found.pins)
        if (!recorded.contains(type))
            return quarantine(pinOf(type) + " is not recorded");

    NamespaceTypes missing;
    for (const auto& [type, expected] : recorded) {
        const auto pin = found.pins.find(type);
        if (pin == found.pins.end())
            missing.insert(type);
        else if (!pin->second.sameAs(expected))
            return quarantine(pinOf(type) + " is another namespace's");
    }
    if (missing.size() == recorded.size())
        return quarantine("none of its pins is there");
    if (!missing.empty())
        return {Verdict::Kind::Degraded, "no longer pinned: " + describe(missing)};
    if (recorded.contains(NamespaceType::Pid) && !found.initAlive)
        return {Verdict::Kind::Degraded, "the init of its pid namespace is dead"};
    return {Verdict::Kind::Keep, {}};
}

} // namespace nsd
