// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/core.hpp"

#include <cstdint>
#include <vector>

// Changes of a published namespace: on disk first (its meta file, and the definition of a persistent one),
// then in the record, then told. They throw Error and then have changed nothing.
namespace nsd {

void renameRecord(Core& core, NamespaceRecord& record, const Name& to);
void changeLabels(Core& core, NamespaceRecord& record, Labels labels);
// Leases that were given on a grant which is there no more are over.
void changeGrants(Core& core, NamespaceRecord& record, std::vector<Grant> grants);
// No word to anybody, here and below.
void rememberDeclared(Core& core, NamespaceRecord& record, std::optional<std::uint64_t> digest);
void forgetPersistence(Core& core, NamespaceRecord& record);
void changeBorrowed(Core& core, NamespaceRecord& record, std::vector<BorrowedLink> links);
void changeUnfinished(Core& core, NamespaceRecord& record, std::vector<UnfinishedVeth> veths);
// What is to be made with it after a reboot.
void changeSpec(Core& core, NamespaceRecord& record, NamespaceSpec spec);

} // namespace nsd
