// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "common/name.hpp"
#include "daemon/core/namespace_record.hpp"
#include "daemon/core/requester.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd {

// Manager.Create as asked for: the options parsed from the wire, not yet checked against each
// other.
struct CreateRequest {
    Name name;
    NamespaceSpec spec{};
    uid_t caller = 0;
    MaybeRequester by{};               // for the journal
    std::vector<gid_t> callerGroups{}; // as the bus knows them
    uid_t owner = 0;                   // the caller, unless root said otherwise (then spec.owner is set, too)
    Labels labels{};
    std::optional<std::chrono::microseconds> ttl{};
    bool lease = false;      // goes with its last lease
    std::string requestId{}; // empty: none
    std::string cni{};       // of the network that plugins make (config/conflist); empty: none
    bool persistent = false; // its definition goes into the state directory
    bool publish = false;    // shown to the rest of the host, see daemon/core/publication
    // Of a declared one, see daemon/core/declarations.
    Origin origin = Origin::Created;
    std::vector<Grant> grants{};
    std::optional<std::uint64_t> declared{}; // as in NamespaceRecord
    std::map<std::string, Uuid> peers{};     // the peer-namespaces of its links
    std::optional<Uuid> pending{};           // the record that waits to be made
};

// A rule that a request breaks.
struct Complaint {
    std::string option; // whose it is
    Error error;
};

// The rules between options, each with its own sentence: hostname needs type uts, at most 340 map
// lines and none that overlap, sysctls on their type's allow-list, label limits, owners that are
// none (65534, 4294967295). Brings sysctl names into dotted form.
[[nodiscard]] std::vector<Complaint> complaintsAbout(CreateRequest& request);
// Throws the first one.
void validate(CreateRequest& request);
// Label limits alone, for SetLabels. Throws Error{InvalidArgument}.
void validateLabels(const Labels& labels);

} // namespace nsd
