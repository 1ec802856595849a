// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/name.hpp"
#include "common/nsfs.hpp"
#include "common/uuid.hpp"
#include "daemon/core/borrowed_link.hpp"
#include "daemon/core/kernel.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace nsd {

enum class Origin { Created, Adopted, Declared, Unit };
enum class Lifetime { Manual, Lease, Ttl, Persistent };
enum class State { Pending, Ready, Degraded };

[[nodiscard]] std::string_view toWord(Origin origin) noexcept;
[[nodiscard]] std::string_view toWord(Lifetime lifetime) noexcept;
[[nodiscard]] std::string_view toWord(State state) noexcept;
// Throw Error{InvalidArgument}.
[[nodiscard]] Origin originFromWord(std::string_view word);
[[nodiscard]] Lifetime lifetimeFromWord(std::string_view word);

using Labels = std::map<std::string, std::string>;

// A right given to a user or group; bound to the UUID of the namespace whose record holds it.
struct Grant {
    bool group = false;
    std::uint32_t id = 0;
    std::vector<std::string> rights{};
    friend bool operator==(const Grant&, const Grant&) = default;
};

// Who asked for this namespace with which request id; with the same id the same caller gets the
// same namespace again instead of an error, if the arguments are the same.
struct RequestId {
    uid_t caller = 0;
    std::string id{};
    friend auto operator<=>(const RequestId&, const RequestId&) = default;
};

// All that nsd knows of one namespace. What must survive the daemon is written to the meta file
// (daemon/core/meta); the name is the directory's, the state is found again at start.
struct NamespaceRecord {
    Uuid uuid;
    Name name;
    NamespaceSpec spec{};
    uid_t owner = 0;
    Labels labels{};
    std::vector<Grant> grants{};
    Origin origin = Origin::Created;
    Lifetime lifetime = Lifetime::Manual;
    State state = State::Ready;
    std::uint64_t createdRealtime = 0;                   // microseconds
    std::optional<std::chrono::microseconds> deadline{}; // of the ttl; CLOCK_BOOTTIME
    std::optional<std::chrono::microseconds> ttl{};      // as asked for
    // With lifetime lease: without a lease it goes at this time, if none was there before.
    std::optional<std::chrono::microseconds> leaseDeadline{};
    std::optional<RequestId> request{};
    std::uint64_t requestDigest = 0; // of its arguments, see daemon/core/request_digest
    std::map<NamespaceType, NamespaceIdentity> identities{};
    NamespaceTypes foreign{}; // with origin adopted, see daemon/core/foreign
    // Whose the user namespace is that owns the foreign ones (daemon/core/foreign), for the kernel;
    // empty where none is foreign.
    std::optional<uid_t> userNamespaceOwner{};
    std::vector<std::string> etcFiles{}; // that are not the host's (daemon/core/etc_maker); bytewise
    std::string controlGroup{};          // below the cgroup2 mount; empty: none
    pid_t initPid = 0;                   // a hint, see Kernel::findInit
    // What the labels and grants of its definition were when they became its own (declared_request).
    std::optional<std::uint64_t> declared{};
    std::string cni{};                    // of the network that plugins make (config/conflist); empty: none
    std::string networkResult{};          // and what they answered, JSON
    std::vector<Name> publicNames{};      // that it has in the NetRegister; two during a rename
    std::optional<std::int32_t> number{}; // of its network namespace, for the host's; found again at a start
    std::vector<BorrowedLink> borrowedLinks{};     // of the host
    std::vector<UnfinishedVeth> unfinishedVeths{}; // as a rule none
    std::string trouble{};                         // state Pending: why the last attempt to make it failed

    [[nodiscard]] NamespaceTypes types() const noexcept { return spec.types; }
};

} // namespace nsd
