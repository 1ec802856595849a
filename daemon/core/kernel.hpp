// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/account_names.hpp"
#include "common/holder.hpp"
#include "common/holder_query.hpp"
#include "common/namespace_spec.hpp"
#include "common/namespace_type.hpp"
#include "common/nsfs.hpp"
#include "common/outcome.hpp"
#include "common/socket_spec.hpp"
#include "common/unique_fd.hpp"
#include "common/user_entry.hpp"
#include "common/user_ids.hpp"
#include "common/uuid.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace nsd {

// Process 1 of a pid namespace: nsd-init, outside of the daemon's kill path.
struct InitProcess {
    pid_t pid = 0;  // as the daemon sees it
    UniqueFd pidfd; // readable once the init is dead
};

// Namespaces that exist and are held by these descriptors alone. Dropping them ends the namespaces,
// and may block while doing so (mnt): hand them to Kernel::retire instead.
struct MadeNamespaces {
    std::map<NamespaceType, UniqueFd> fds;
    std::optional<InitProcess> init;
    // The init ends itself when this write end closes before a byte was written: whoever dies
    // before the commit leaves no process behind. See Kernel::settleInit.
    UniqueFd initLeash;
    std::string controlGroup; // path below the cgroup2 mount ("/nsd-keep/<uuid>"), or empty
};

// Whose a namespace is, for one that nsd did not make.
struct NamespaceOwnership {
    bool ofHost = false;      // the host lives in it, or it lies outside of what nsd can see
    NamespaceIdentity user;   // the user namespace that it belongs to; of a user namespace: itself
    bool foreign = false;     // and that is not the initial one
    uid_t owner = 4294967295; // of that user namespace
};

enum class Released { Yes, No, Unknown };
// "yes", "no", "unknown": as Destroy answers it.
[[nodiscard]] std::string_view toWord(Released released) noexcept;

// The kernel as the core sees it: the only port through which namespaces come to be, are pinned and
// go. Nothing here blocks: what may take time is done by a worker process under a deadline and
// answers through its Completion, on the loop's thread, later.
class Kernel {
  public:
    Kernel() = default;
    Kernel(const Kernel&) = delete;
    Kernel& operator=(const Kernel&) = delete;
    virtual ~Kernel() = default;

    // Types that the running kernel has.
    [[nodiscard]] virtual NamespaceTypes supportedTypes() const = 0;

    // Which namespace a descriptor is. Throws Error{WrongFd} for anything but a namespace. Here so
    // that the core can be tried without one.
    [[nodiscard]] virtual NamespaceIdentity identify(int nsFd) const { return identifyNamespace(nsFd); }

    // Whose the namespace is behind a descriptor that identify() took. Throws Error.
    [[nodiscard]] virtual NamespaceOwnership ownershipOf(int nsFd) const = 0;

    // Makes namespaces of all the spec's types, user first as the owner of the rest, with their
    // contents: lo up, hostname, sysctls, maps, offsets, fresh /proc and /sys, the pid namespace's
    // init. `attempt` counts from 0; a repeated attempt makes younger ones, since a mnt namespace
    // made inside a nested mount namespace may be too old to be pinned (ids come in per-CPU
    // batches, Linux 6.18).
    virtual void make(
        const Uuid& uuid, const NamespaceSpec& spec, unsigned attempt, Completion<MadeNamespaces> done) = 0;

    // Tells the init of not yet published namespaces that it is wanted. After this it outlives the
    // daemon. Throws Error where the init is gone already.
    virtual void settleInit(MadeNamespaces& made) = 0;

    // Pins a namespace: makes `leaf` in `directory` (O_EXCL) and binds the namespace on it. Throws
    // Error; EINVAL as errno of a mnt namespace: it is older than the pinner, make it again.
    virtual void bindPin(int nsFd, int directory, const std::string& leaf) = 0;
    // Unmounts `leaf` until it is no longer nsfs and unlinks it. The unlink is what dissolves the
    // copies of the pin in other mount namespaces. The caller holds the namespace by a descriptor
    // meanwhile, so that this is never the last reference. True if there was anything to remove.
    virtual bool removePin(int directory, const std::string& leaf) = 0;

    // The open nsfs descriptors of namespaces without pins: a worker drops the last references, then
    // this waits up to `patience` (0: not at all) for the kernel to end each of them. Types that
    // did not end are answered with No, types that this kernel cannot be asked about with Unknown.
    virtual void retire(std::map<NamespaceType, UniqueFd> fds, std::chrono::microseconds patience,
        Completion<std::map<NamespaceType, Released>> done) = 0;

    // Everything that can be found and keeps the namespaces alive (daemon/worker/holder_scan), and who has
    // the leases. `net`: the network namespace among them, opened, or none; with it, sockets are found that
    // the kernel does not let nsd look at (daemon/worker/socket_tables).
    virtual void findHolders(HolderQuery query, UniqueFd net, Completion<std::vector<Holder>> done) = 0;
    // How many processes live in any of each group's namespaces; in the order given.
    virtual void countMembers(const std::vector<std::vector<NamespaceIdentity>>& groups,
        Completion<std::vector<std::uint32_t>> done) = 0;
    // Kills (SIGKILL, by pidfd) every process that lives in any of the namespaces, in rounds until
    // none is left, never the host's PID 1, the daemon, its workers or `spared`. Answers what is
    // left when `patience` is over: empty if all went.
    virtual void killMembers(const std::vector<NamespaceIdentity>& namespaces,
        const std::vector<pid_t>& spared, std::chrono::microseconds patience,
        Completion<std::vector<Holder>> done) = 0;

    // The living process 1 of a pid namespace, found through the kernel; `hint` is the pid once
    // recorded, for kernels without NS_GET_PID_FROM_PIDNS (6.11), and is believed only after the
    // process was seen to be in that namespace as its process 1. Empty: the namespace is dead.
    [[nodiscard]] virtual std::optional<InitProcess> findInit(int pidNsFd, pid_t hint) = 0;
    // The same without a hint, for a namespace that nsd did not make: where the kernel cannot be asked
    // a worker looks at every process. The descriptor need not stay open.
    virtual void searchInit(int pidNsFd, Completion<std::optional<InitProcess>> done) = 0;
    // Ends the pid namespace with all that lives in it, whatever its members do.
    virtual void endInit(const InitProcess& init) = 0;
    // The init stays while anything else lives in its namespace, and ends with the last process.
    virtual void lingerInit(const InitProcess& init) = 0;

    // Removes the namespace's control group, now if it is empty, else as soon as it becomes so.
    virtual void removeControlGroup(const std::string& controlGroup) = 0;
    // At start: does the same with every control group of namespaces that `kept` does not name, as
    // a daemon leaves them that is killed in the middle. Kills nobody.
    virtual void sweepControlGroups(const std::vector<std::string>& kept) = 0;

    // The namespaces that the process behind a pidfd is in. Throws Error{WrongFd} where it is no
    // pidfd or the process is gone. `uid` is the process's effective uid.
    struct ProcessNamespaces {
        uid_t uid = 0;
        std::vector<NamespaceIdentity> namespaces;
    };
    [[nodiscard]] virtual ProcessNamespaces namespacesOfProcess(int pidfd) = 0;

    // A socket in the network namespace, made with these ids and without capabilities: the kernel
    // refuses what it would refuse that user. `socket` was checked (daemon/core/socket_rules).
    virtual void openSocket(
        UniqueFd netFd, const SocketSpec& socket, const UserIds& ids, Completion<UniqueFd> done) = 0;

    // What the host knows of a user, who need not exist. Asks NSS, and so may take as long as the
    // network does; nothing else waits behind it.
    virtual void lookUpUser(uid_t uid, Completion<UserEntry> done) = 0;
    // Which numbers users and groups have; in the same way.
    virtual void lookUpAccounts(const AccountNames& names, Completion<AccountIds> done) = 0;
    // Whether this host lets users without privilege make user namespaces.
    [[nodiscard]] virtual bool usersMayMakeUserNamespaces() const = 0;
};

} // namespace nsd
