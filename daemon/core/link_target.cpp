// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/link_target.hpp"

#include "common/quote.hpp"
#include "daemon/core/went_away.hpp"

namespace nsd {

NamespaceRecord& linkTarget(Core& core, const Uuid& uuid) {
    auto* record = core.registry.find(uuid);
    if (record == nullptr)
        throw wentAway();
    if (record->state == State::Pending)
        throw Error(Errc::Busy, quoted(record->name.str()) + " is declared, but not made yet");
    if (!record->types().contains(NamespaceType::Net))
        throw Error(Errc::TypeNotPresent,
            quoted(record->name.str()) + " has no type net; it has " + describe(record->types()));
    return *record;
}

UniqueFd openNet(Core& core, const NamespaceRecord& record) {
    try {
        return core.store.openPin(record.name, record.identities.at(NamespaceType::Net));
    } catch (const Error& error) {
        if (error.code() == Errc::Degraded)
            core.degrade(record.uuid);
        throw;
    }
}

UniqueFd openNetIfThere(Core& core, const NamespaceRecord& record) {
    try {
        return openNet(core, record);
    } catch (const Error& error) {
        if (error.code() != Errc::Degraded)
            throw;
        return {};
    }
}

} // namespace nsd
