// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/record_edit.hpp"

#include "daemon/core/create_request.hpp"
#include "daemon/core/grants.hpp"
#include "daemon/core/meta.hpp"
#include "daemon/core/publication.hpp"

#include <utility>

namespace nsd {
namespace {

void writeDefinitionOf(Core& core, const NamespaceRecord& record) {
    if (record.lifetime == Lifetime::Persistent)
        core.definitions.write(record.name, record);
}

// The old text was on the disk a moment ago. If there is no room for it now, the next start makes the record
// what the file says.
void restoreDefinitionOf(Core& core, const NamespaceRecord& record) noexcept {
    try {
        writeDefinitionOf(core, record);
    } catch (const Error& error) {
        core.log.warning(error.text());
    }
}

template <class T>
void replace(Core& core, NamespaceRecord& record, T NamespaceRecord::*part, T value) {
    std::swap(record.*part, value);
    bool defined = false;
    try {
        writeDefinitionOf(core, record);
        defined = true;
        core.store.replaceMeta(record.name, writeMeta(record, core.bootId));
    } catch (const Error&) {
        record.*part = std::move(value);
        if (defined)
            restoreDefinitionOf(core, record);
        throw;
    }
}

} // namespace

void renameRecord(Core& core, NamespaceRecord& record, const Name& to) {
    const auto reservation = core.registry.reserve(to);
    const auto from = record.name;
    const auto shown = showUnder(core, record, to);
    // Whoever is killed in between leaves two files of one UUID: see Declarations.
    const bool persistent = record.lifetime == Lifetime::Persistent;
    if (persistent)
        core.definitions.write(to, record);
    try {
        core.store.rename(from, to);
    } catch (const Error&) {
        if (persistent)
            core.definitions.tryRemove(to, core.log);
        throw;
    }
    core.registry.rename(record, to);
    shown->dismiss();
    settlePublicName(core, record);
    if (persistent)
        core.definitions.tryRemove(from, core.log);
    core.changed(record, "renamed");
}

void changeLabels(Core& core, NamespaceRecord& record, Labels labels) {
    validateLabels(labels);
    replace(core, record, &NamespaceRecord::labels, std::move(labels));
    core.changed(record, "labels");
}

void changeGrants(Core& core, NamespaceRecord& record, std::vector<Grant> grants) {
    validateGrants(grants);
    if (grants == record.grants)
        return;
    replace(core, record, &NamespaceRecord::grants, std::move(grants));
    core.changed(record, "grants");
    core.revokeLeases(record);
}

void rememberDeclared(Core& core, NamespaceRecord& record, std::optional<std::uint64_t> digest) {
    if (record.declared != digest)
        replace(core, record, &NamespaceRecord::declared, digest);
}

void forgetPersistence(Core& core, NamespaceRecord& record) {
    replace(core, record, &NamespaceRecord::lifetime, Lifetime::Manual);
}

void changeBorrowed(Core& core, NamespaceRecord& record, std::vector<BorrowedLink> links) {
    replace(core, record, &NamespaceRecord::borrowedLinks, std::move(links));
}

void changeUnfinished(Core& core, NamespaceRecord& record, std::vector<UnfinishedVeth> veths) {
    replace(core, record, &NamespaceRecord::unfinishedVeths, std::move(veths));
}

void changeSpec(Core& core, NamespaceRecord& record, NamespaceSpec spec) {
    replace(core, record, &NamespaceRecord::spec, std::move(spec));
}

} // namespace nsd
