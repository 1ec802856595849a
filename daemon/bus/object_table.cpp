// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/object_table.hpp"

#include "common/quote.hpp"

#include <string>
#include <utility>

namespace nsd::bus {

ObjectTable::ObjectTable(sdbus::IConnection& connection, Context& context, ManagerObject& manager)
    : connection_(connection), context_(context), manager_(manager) {}

ObjectTable::~ObjectTable() = default;

void ObjectTable::publishAll() {
    ListOptions page;
    for (;;) {
        const auto records = context_.namespaces.list(page);
        for (const auto* record : records)
            publish(record->uuid);
        if (records.size() < page.limit)
            return;
        page.after = records.back()->name.str();
    }
}

void ObjectTable::publish(const Uuid& uuid) {
    // The last share may be given back inside a handler of the object itself.
    const auto free = [&loop = context_.loop](NamespaceObject* object) {
        loop.post([last = std::shared_ptr<NamespaceObject>(object)] {});
    };
    objects_.insert_or_assign(
        uuid, std::shared_ptr<NamespaceObject>(new NamespaceObject(connection_, context_, uuid), free));
}

template <class F>
void ObjectTable::announce(const NamespaceRecord& record, F&& step) noexcept {
    try {
        std::forward<F>(step)();
    } catch (...) {
        context_.log.error("cannot tell the bus about namespace " + quoted(record.name.str()) + ": " +
                           currentError().text());
    }
}

void ObjectTable::added(const NamespaceRecord& record, const MaybeRequester& /*by*/) {
    announce(record, [&] {
        publish(record.uuid);
        manager_.announceNew(record);
    });
}

void ObjectTable::removed(const NamespaceRecord& record, const MaybeRequester& /*by*/) {
    announce(record, [&] {
        objects_.erase(record.uuid);
        manager_.announceRemoved(record);
    });
}

void ObjectTable::changed(const NamespaceRecord& record, std::string_view what) {
    announce(record, [&] {
        if (const auto object = objects_.find(record.uuid); object != objects_.end())
            object->second->announce(what);
        manager_.announceEvent(record, what);
    });
}

} // namespace nsd::bus
