// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/nsfs.hpp"
#include "daemon/core/meta.hpp"

#include <map>
#include <string>

namespace nsd {

// What a start finds in one directory of the pins, read without judging it.
struct FoundNamespace {
    Meta meta;
    std::map<NamespaceType, NamespaceIdentity> pins; // by the name of the pin
    bool initAlive = false;                          // where it has a pid namespace
};

struct Verdict {
    enum class Kind { Keep, Degraded, Quarantine };
    Kind kind;
    std::string reason; // empty for Keep
};

// Decides what becomes of it, from what was found alone. The pins are the truth: what they do not
// bear out is never served under its name. A pin that went missing leaves the rest usable; one that
// is another namespace's, or a record of another boot, does not.
[[nodiscard]] Verdict reconcile(const FoundNamespace& found, const std::string& bootId);

} // namespace nsd
