// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/declarations.hpp"

#include "common/quote.hpp"
#include "common/word_list.hpp"
#include "daemon/core/creation.hpp"
#include "daemon/core/declared_request.hpp"
#include "daemon/core/name_resolution.hpp"
#include "daemon/core/namespaces.hpp"
#include "daemon/core/record_edit.hpp"

#include <chrono>
#include <utility>

namespace nsd {
namespace {

bool isOfState(const Definition& definition) {
    return definition.place == Definition::Place::State;
}

// Whether a namespace is what a definition made, or would have made.
bool isFrom(const Definition& definition, const NamespaceRecord& record) {
    if (isOfState(definition))
        return record.lifetime == Lifetime::Persistent;
    return record.lifetime != Lifetime::Persistent &&
           (record.origin == Origin::Declared || record.origin == Origin::Unit);
}

NamespaceRecord pendingRecord(const Definition& definition, Origin origin) {
    NamespaceRecord record{.uuid = Uuid::random(), .name = definition.name, .spec = definition.spec};
    record.labels = definition.labels;
    record.cni = definition.cni;
    record.origin = origin;
    record.lifetime = isOfState(definition) ? Lifetime::Persistent : Lifetime::Manual;
    record.state = State::Pending;
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    record.createdRealtime =
        static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(now).count());
    if (definition.owner) // by name: until it is known, root's alone
        if (const auto* uid = std::get_if<std::uint32_t>(&*definition.owner))
            record.owner = *uid;
    return record;
}

} // namespace

void Declarations::replace(Definitions definitions) {
    if (!std::exchange(listens_, true))
        core_.events.add(this); // both go with the core
    auto before = std::exchange(entries_, {});
    std::set<Uuid> seen;
    for (auto& definition : definitions.all) {
        if (isStale(definition, seen))
            continue;
        auto node = before.extract(definition.name.str());
        auto entry = node.empty() ? Entry{definition} : std::move(node.mapped());
        entry.definition = std::move(definition);
        auto name = entry.definition.name.str();
        entries_.insert_or_assign(std::move(name), std::move(entry));
    }
    for (auto& [name, entry] : before) {
        if (definitions.incomplete || definitions.unusable.contains(name))
            entries_.emplace(name, std::move(entry));
        else
            drop(entry);
    }
    checkPersistent(definitions);
    for (const auto& [name, entry] : entries_)
        if (core_.registry.find(name) == nullptr && !core_.registry.isReserved(name))
            makePending(entry.definition, Origin::Declared);
}

// Of two files of one UUID, one was left by a rename that nobody finished.
bool Declarations::isStale(const Definition& definition, std::set<Uuid>& seen) {
    if (!isOfState(definition) || !definition.uuid)
        return false;
    const auto* record = core_.registry.find(*definition.uuid);
    const bool isAnothers = record != nullptr && record->name != definition.name;
    if (!isAnothers && seen.insert(*definition.uuid).second)
        return false;
    core_.log.warning(definition.file + ": is removed: its namespace has another name now");
    core_.definitions.tryRemove(definition.name, core_.log);
    return true;
}

void Declarations::drop(Entry& entry) {
    dropHeld(entry);
    const auto& definition = entry.definition;
    const auto* record = core_.registry.find(definition.name.str());
    if (record == nullptr || !isFrom(definition, *record))
        return;
    const auto name = quoted(definition.name.str());
    if (record->state == State::Pending) {
        core_.log.info(definition.file + " is gone, and " + name + " with it, which was not made yet");
        core_.dismiss(record->uuid);
    } else {
        core_.log.info(definition.file + " is gone: " + name + " stays as it is, and nothing keeps it now");
    }
}

// Whose file somebody took away, or a Destroy that was killed thereafter.
void Declarations::checkPersistent(const Definitions& definitions) {
    if (definitions.incomplete)
        return;
    ListOptions page;
    for (;;) {
        const auto records = core_.registry.list(page);
        for (const auto* record : records) {
            const auto& name = record->name.str();
            if (record->lifetime != Lifetime::Persistent || entries_.contains(name) ||
                definitions.unusable.contains(name))
                continue;
            try {
                forgetPersistence(core_, *core_.registry.find(record->uuid));
                core_.log.info(quoted(name) + " is no longer persistent: " +
                               core_.definitions.pathOf(record->name) + " is gone");
            } catch (const Error& error) {
                core_.log.warning(quoted(name) + ": " + error.text());
            }
        }
        if (records.size() < page.limit)
            return;
        page.after = records.back()->name.str();
    }
}

void Declarations::makePending(const Definition& definition, Origin origin) {
    core_.admit(pendingRecord(definition, origin), std::nullopt);
}

bool Declarations::declareForUnit(const Name& name) {
    const auto entry = entries_.find(name.str());
    if (entry == entries_.end() || core_.registry.isReserved(name.str()))
        return false;
    makePending(entry->second.definition, Origin::Unit);
    return true;
}

void Declarations::carryOut() {
    for (auto& [name, entry] : entries_)
        advance(entry);
}

std::string Declarations::fileOf(const Name& name) const {
    const auto entry = entries_.find(name.str());
    return entry == entries_.end() || isOfState(entry->second.definition) ? ""
                                                                          : entry->second.definition.file;
}

std::string Declarations::keeperOf(const NamespaceRecord& record) const {
    const auto entry = entries_.find(record.name.str());
    return entry == entries_.end() || !isFrom(entry->second.definition, record) ? "" : fileOf(record.name);
}

Definition Declarations::describe(const NamespaceRecord& record) const {
    const auto entry = entries_.find(record.name.str());
    const bool isItsFile = entry != entries_.end() && isFrom(entry->second.definition, record);
    if (isItsFile && record.state == State::Pending)
        return entry->second.definition;
    auto definition = definitionOf(record);
    if (isItsFile) // the only thing of a file that no record has
        definition.forwards = entry->second.definition.forwards;
    return definition;
}

void Declarations::await(const NamespaceRecord& pending, Completion<Uuid> done) {
    waiting_.add(pending.uuid, std::move(done));
    auto& entry = entries_.at(pending.name.str());
    if (entry.run == 0 || entry.target != pending.uuid)
        advance(entry);
}

void Declarations::giveUp(const NamespaceRecord& pending, const MaybeRequester& by) {
    if (pending.lifetime == Lifetime::Persistent) {
        core_.definitions.remove(pending.name);
        forget(pending.name);
    }
    const auto entry = entries_.find(pending.name.str());
    if (entry != entries_.end() && entry->second.target == pending.uuid)
        dropHeld(entry->second);
    core_.dismiss(pending.uuid, by);
}

void Declarations::advance(Entry& entry) {
    if (entry.run != 0) {
        entry.again = true;
        return;
    }
    const auto& definition = entry.definition;
    const auto* record = core_.registry.find(definition.name.str());
    if (record == nullptr) // destroyed by force; its file makes it again when it is read again
        return;
    entry.run = ++runs_;
    entry.target = record->uuid;
    NameResolution::start(core_, definition,
        [this, name = definition.name.str(), run = entry.run, uuid = record->uuid](
            Outcome<CreateRequest> outcome) { onResolved(name, run, uuid, std::move(outcome)); });
}

Declarations::Entry* Declarations::find(const std::string& name, std::uint64_t run) {
    const auto entry = entries_.find(name);
    return entry == entries_.end() || entry->second.run != run ? nullptr : &entry->second;
}

void Declarations::onResolved(
    const std::string& name, std::uint64_t run, const Uuid& uuid, Outcome<CreateRequest> outcome) {
    auto* entry = find(name, run);
    auto* record = core_.registry.find(uuid);
    if (entry == nullptr || record == nullptr || record->name != entry->definition.name) {
        onMade(name, run, uuid, Error(Errc::NoSuchNamespace, quoted(name) + " is no longer declared"));
    } else if (!outcome.ok()) {
        onMade(name, run, uuid, outcome.error());
    } else if (record->state == State::Pending) {
        make(*entry, *record, std::move(outcome).value());
    } else {
        update(*entry, *record, outcome.value());
        finish(*entry);
    }
}

void Declarations::make(Entry& entry, NamespaceRecord& record, CreateRequest request) {
    entry.peer = missingPeer(request);
    if (!entry.peer.empty() && isComing(entry.peer, entry)) {
        record.trouble = "it waits for " + quoted(entry.peer);
        entry.held = std::move(request);
        return;
    }
    if (!entry.peer.empty()) {
        onMade(record.name.str(), entry.run, record.uuid,
            Error(
                Errc::NoSuchNamespace, "there is no namespace " + quoted(entry.peer) +
                                           ", where a link of it goes; it is made as soon as that is there"));
        return;
    }
    request.pending = record.uuid;
    request.origin = record.origin;
    auto made = [this, name = record.name.str(), run = entry.run, uuid = record.uuid](
                    const Outcome<Uuid>& outcome) { onMade(name, run, uuid, outcome); };
    Creation::start(core_, std::move(request), 0, std::move(made));
}

void Declarations::onMade(
    const std::string& name, std::uint64_t run, const Uuid& uuid, const Outcome<Uuid>& outcome) {
    if (auto* entry = find(name, run)) {
        const auto& file = entry->definition.file;
        if (outcome.ok()) {
            core_.log.info(quoted(name) + " is made, as " + file + " declares it");
        } else if (auto* record = core_.registry.find(uuid)) {
            core_.log.warning(file + ": " + quoted(name) +
                              (record->state == State::Pending ? " cannot be made: " : " stays as it is: ") +
                              outcome.error().text());
            if (record->state == State::Pending)
                record->trouble = outcome.error().text();
        }
        finish(*entry);
    }
    waiting_.answer(uuid, outcome);
}

void Declarations::update(const Entry& entry, NamespaceRecord& record, const CreateRequest& request) {
    const auto& file = entry.definition.file;
    const auto name = quoted(record.name.str());
    if (!isFrom(entry.definition, record)) {
        core_.log.warning(file + " has no effect: there is another " + name + " already; it is made when " +
                          "that one is gone and the configuration is read again");
        return;
    }
    if (const auto keys = differences(record, request); !keys.empty())
        core_.log.warning(file + ": " + joined(keys, ", ") + " of " + name +
                          " cannot be changed while it lives: destroy it by force, and read the "
                          "configuration again");
    if (record.declared == request.declared)
        return;
    try {
        const bool changes = record.labels != request.labels || record.grants != request.grants;
        if (record.labels != request.labels)
            changeLabels(core_, record, request.labels);
        changeGrants(core_, record, request.grants);
        rememberDeclared(core_, record, request.declared);
        if (changes)
            core_.log.info("labels and grants of " + name + " are those of " + file + " now");
    } catch (const Error& error) {
        core_.log.warning(file + ": labels and grants of " + name + " stay as they are: " + error.text());
    }
}

void Declarations::finish(Entry& entry) {
    entry.run = 0;
    entry.held.reset();
    const auto name = entry.definition.name.str();
    core_.loop.post([this, weak = std::weak_ptr(alive_), name] {
        if (!weak.expired())
            onPeer(name);
    });
    if (std::exchange(entry.again, false))
        advance(entry);
}

} // namespace nsd
