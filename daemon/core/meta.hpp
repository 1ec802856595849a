// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/namespace_record.hpp"

#include <string>

namespace nsd {

// The text of a namespace's meta file: all of its record that must survive the daemon. Not the name,
// which is the directory's, so that a rename is one rename; not the state, which is found again.
[[nodiscard]] std::string writeMeta(const NamespaceRecord& record, const std::string& bootId);

struct Meta {
    NamespaceRecord record;
    std::string bootId;
};

// Strict: every key is known, there and of its type. Throws Error{InvalidArgument} that says what is
// wrong; in particular for a schema of a newer nsd.
[[nodiscard]] Meta readMeta(const std::string& text, const Name& name);

} // namespace nsd
