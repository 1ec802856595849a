// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/account_names.hpp"
#include "common/error.hpp"
#include "common/holder.hpp"
#include "common/holder_query.hpp"
#include "common/link_custody.hpp"
#include "common/link_state.hpp"
#include "common/namespace_spec.hpp"
#include "common/nsfs.hpp"
#include "common/outcome.hpp"
#include "common/socket_spec.hpp"
#include "common/user_entry.hpp"
#include "common/user_ids.hpp"
#include "common/veth_spec.hpp"
#include "daemon/protocol/view_messages.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <sys/types.h>
#include <utility>
#include <variant>
#include <vector>

// What the daemon and its workers say to each other: one request, one reply, each a JSON text in one
// SOCK_SEQPACKET message with its descriptors beside it (SCM_RIGHTS). Both sides come from one build,
// so there are no versions; a text that does not decode is Error{KernelError}, never a crash.
namespace nsd::protocol {

// Make namespaces. In: the directory of the control group that the maker enters first, if
// withControlGroup. Out: one descriptor per type in the order of the types, then, if pid is among
// them, the init's pidfd and the write end of its leash.
struct MakeRequest {
    NamespaceSpec spec;
    unsigned attempt = 0;
    bool withControlGroup = false;
};
struct MakeReply {
    NamespaceTypes types;
    pid_t initPid = 0; // in the daemon's pid namespace; 0 without pid
};

// Close the descriptors that come with it: they may be the last references. The last one is the read
// end of a pipe. Its other end closes once the sender has closed its own copies; the worker waits for
// that (POLLHUP) before it closes anything, so that it is never the sender who drops the last reference.
struct DropRequest {};
struct DropReply {};

// In: the network namespace among them, where there is one and its descriptor is at hand.
struct HoldersRequest {
    HolderQuery query;
    std::vector<pid_t> ignored; // the daemon, its workers, the keep holder
};
struct HoldersReply {
    std::vector<Holder> holders;
};

struct CountRequest {
    std::vector<std::vector<NamespaceIdentity>> groups;
    std::vector<pid_t> ignored; // also the namespaces' inits
};
struct CountReply {
    std::vector<std::uint32_t> counts;
};

// The links in each network namespace; in: their descriptors.
struct LinksRequest {};
struct LinksReply {
    std::vector<std::vector<LinkState>> links;
};

// What is to be recorded of a link before it moves. In, here and in the next: home, inside.
struct InspectLinkRequest {
    std::string name;
};
struct InspectLinkReply {
    LinkCustody custody;
};
struct MoveLinkRequest {
    LinkCustody custody;
    std::string name; // inside
    bool up = false;
};
struct MoveLinkReply {
    MovedLink moved;
};
// In: home, and inside, if there still is one.
struct BringLinkHomeRequest {
    LinkCustody custody;
};
struct BringLinkHomeReply {
    ReturnedLink returned;
};

// In: the network namespace of the inside end, then that of its peer.
struct MakeVethRequest {
    VethSpec veth;
};
struct MakeVethReply {
    std::pair<MovedLink, MovedLink> ends;
};
// In: the network namespace where this end is.
struct RemoveVethRequest {
    std::string name;
    std::string mac;
};
struct RemoveVethReply {
    bool removed = false;
};

// Kill members in rounds; answers who is left when the patience is over.
struct KillRequest {
    std::vector<NamespaceIdentity> namespaces;
    std::vector<pid_t> spared;
    std::chrono::microseconds patience{0};
};
struct KillReply {
    std::vector<Holder> left;
};

// What the host knows of a user.
struct UserRequest {
    uid_t uid = 0;
};
struct UserReply {
    UserEntry entry;
};

// Find the numbers of users and groups.
struct AccountsRequest {
    AccountNames names;
};
struct AccountsReply {
    AccountIds ids;
};

// Make a socket in a network namespace, as somebody. In: the namespace. Out: the socket.
struct SocketRequest {
    SocketSpec socket;
    UserIds ids;
};
struct SocketReply {};

// Find process 1 of a pid namespace, in the daemon's own; 0: there is none.
struct InitRequest {
    NamespaceIdentity pidNamespace;
};
struct InitReply {
    pid_t pid = 0;
};

using Request =
    std::variant<MakeRequest, DropRequest, HoldersRequest, CountRequest, LinksRequest, KillRequest,
        UserRequest, AccountsRequest, SocketRequest, InitRequest, InspectLinkRequest, MoveLinkRequest,
        BringLinkHomeRequest, MakeVethRequest, RemoveVethRequest, ViewRequest, EtcFilesRequest, EtcRequest>;
// Ready is what a worker says first, once it lives in the base mount namespace.
struct ReadyReply {};
using Reply = std::variant<ReadyReply, MakeReply, DropReply, HoldersReply, CountReply, LinksReply, KillReply,
    UserReply, AccountsReply, SocketReply, InitReply, InspectLinkReply, MoveLinkReply, BringLinkHomeReply,
    MakeVethReply, RemoveVethReply, ViewReply, EtcFilesReply, EtcReply, Error>;

[[nodiscard]] std::string encode(const Request& request);
[[nodiscard]] std::string encode(const Reply& reply);
// Throw Error{KernelError} that says what is wrong with the text.
[[nodiscard]] Request decodeRequest(const std::string& text);
[[nodiscard]] Reply decodeReply(const std::string& text);

} // namespace nsd::protocol
