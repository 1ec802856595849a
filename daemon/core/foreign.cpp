// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/foreign.hpp"

namespace nsd {

bool isForeign(const NamespaceRecord& record, NamespaceType type) {
    if (record.origin == Origin::Adopted)
        return record.foreign.contains(type);
    // What is made together with a user namespace is owned by it; the maker unshares user first.
    return record.types().contains(type) && record.types().contains(NamespaceType::User);
}

} // namespace nsd
