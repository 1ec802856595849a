// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/core.hpp"

#include "common/quote.hpp"
#include "daemon/core/boot_id.hpp"

#include <utility>

namespace nsd {

Core::Core(
    Loop& theLoop, Kernel& theKernel, Log& theLog, UniqueFd directory, std::function<void(const Uuid&)> due)
    : loop(theLoop),
      kernel(theKernel),
      log(theLog),
      bootId(readBootId()),
      quotas(theLoop),
      store(theKernel, std::move(directory)),
      inits(theLoop, [this](const Uuid& uuid) { degrade(uuid); }),
      lifetimes(theLoop, std::move(due)) {}

void Core::admit(NamespaceRecord record, std::optional<InitProcess> init) {
    const auto& inserted = registry.insert(std::move(record));
    if (init)
        inits.add(inserted.uuid, *std::move(init));
    if (inserted.deadline)
        lifetimes.schedule(inserted.uuid, *inserted.deadline);
    if (events != nullptr)
        events->added(inserted);
}

std::optional<InitProcess> Core::dismiss(const Uuid& uuid) {
    lifetimes.cancel(uuid);
    auto init = inits.take(uuid);
    const auto record = registry.remove(uuid);
    if (record && events != nullptr)
        events->removed(*record);
    return init;
}

void Core::degrade(const Uuid& uuid) {
    auto* record = registry.find(uuid);
    if (record == nullptr || record->state == State::Degraded)
        return;
    record->state = State::Degraded;
    log.warning("namespace " + quoted(record->name.str()) + " is degraded");
    changed(*record, "degraded");
}

void Core::changed(const NamespaceRecord& record, std::string_view what) {
    if (events != nullptr)
        events->changed(record, what);
}

} // namespace nsd
