// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/keeping.hpp"

#include "common/quote.hpp"

#include <string>
#include <utility>

namespace nsd {

void checkNotKept(const Declarations& declarations, const NamespaceRecord& record) {
    const auto& name = record.name.str();
    if (record.origin == Origin::Unit)
        throw Error(Errc::Busy, quoted(name) + " is kept by nsd@" + name +
                                    ".service: stop that (systemctl stop nsd@" + name + "), or use force");
    if (const auto file = declarations.keeperOf(record); !file.empty())
        throw Error(
            Errc::Busy, quoted(name) + " is kept by " + file + ": remove that and reload nsd, or use force");
}

void checkNotDeclared(const Declarations& declarations, const Name& name) {
    if (const auto file = declarations.fileOf(name); !file.empty())
        throw Error(Errc::NameExists,
            quoted(name.str()) + " is declared in " + file + ", and two files cannot keep one name");
}

DestroyResult leftAlone(const NamespaceRecord& record) {
    Holder holder;
    holder.kind = "origin";
    holder.detail = "it is not nsd@" + record.name.str() + ".service that made it: its origin is " +
                    std::string(toWord(record.origin));
    return {.released = Released::No, .holders = {std::move(holder)}};
}

} // namespace nsd
