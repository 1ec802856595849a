// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "config/definition.hpp"
#include "config/problem.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nsd {

// The parents of the three directories "namespaces.d". One that is not there holds nothing.
struct DefinitionDirectories {
    std::string configuration; // /etc/nsd
    std::string vendor;        // /usr/lib/nsd
    std::string state;         // /var/lib/nsd
};

// One file NAME.json as it was found.
struct DefinitionFile {
    std::string path;
    std::optional<Definition> definition{}; // empty: it has an error, or masks
    std::vector<Problem> problems{};
    std::string text{}; // for whoever finds more problems: see locate()
};

struct DefinitionFiles {
    std::vector<DefinitionFile> files; // each that counts or has a problem
    // Names whose file there is, but cannot be used now: what is known of them from before still holds.
    std::set<std::string> unusable;
    // A directory could not be read: nobody knows what is not declared.
    bool incomplete = false;
};

// All definitions, as systemd finds its units: a file of the configuration takes the place of the
// vendor's of the same name, and an empty one, or a link to /dev/null, masks the name. A name that the
// state directory has besides is a problem, and the file there is left out. There, each file must be a
// regular one of the caller's effective user (root), writable to nobody else. Never throws.
[[nodiscard]] DefinitionFiles readDefinitionFiles(const DefinitionDirectories& directories);

} // namespace nsd
