// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/name.hpp"
#include "common/namespace_spec.hpp"
#include "common/uuid.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace nsd {

// A user or a group as people write it: by number or by name.
using Principal = std::variant<std::uint32_t, std::string>;

// A namespace that a file declares (config/definition_reader), as plain values. What each must be beside
// its type, and what they must be together, is the core's to say.
struct Definition {
    // Where the file lies; the first one wins over the others of its name.
    enum class Place {
        Configuration, // /etc/nsd/namespaces.d, the administrator's
        Vendor,        // /usr/lib/nsd/namespaces.d, a package's
        State          // /var/lib/nsd/namespaces.d, nsd's own: made with option "persistent"
    };
    struct Grant {
        bool group = false;
        Principal to;
        std::vector<std::string> rights{};
        friend bool operator==(const Grant&, const Grant&) = default;
    };

    Name name;
    Place place = Place::Configuration;
    std::string file{};   // its path
    NamespaceSpec spec{}; // its owner is not filled in
    std::optional<Principal> owner{};
    bool rootless = false;
    bool publish = false;
    std::vector<std::string> forwards{}; // ports that lead into it, as common/forward_spec reads them
    std::map<std::string, std::string> labels{};
    std::vector<Grant> grants{};
    std::string cni{};          // config/conflist; empty: none
    std::optional<Uuid> uuid{}; // of the namespace that the file was written for; place State alone
    friend bool operator==(const Definition&, const Definition&) = default;
};

} // namespace nsd
