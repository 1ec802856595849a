// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/namespace_ownership.hpp"

#include "common/error.hpp"
#include "daemon/kernel/process_facts.hpp"

#include <cerrno>
#include <cstdint>
#include <linux/nsfs.h>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

namespace nsd {
namespace {

// The initial namespaces have the inode numbers below those that the kernel gives out
// (PROC_DYNAMIC_FIRST); all of them since Linux 6.18, but for net and mnt long before.
constexpr std::uint64_t firstGivenInode = 0xF0000000;

bool isOf(pid_t process, const NamespaceIdentity& identity) {
    const auto theirs = namespaceOfProcess(process, identity.type);
    return theirs && theirs->device == identity.device && theirs->inode == identity.inode;
}

// User and pid namespaces are trees: what does not lie below nsd's own is the host's, or beyond it.
bool isAbove(int nsFd, NamespaceType type) {
    if (type != NamespaceType::User && type != NamespaceType::Pid)
        return false;
    const UniqueFd parent(::ioctl(nsFd, NS_GET_PARENT));
    if (!parent && errno != EPERM) // which says nothing of where it lies
        throw kernelError("ask for the parent of", "a namespace", errno);
    return !parent;
}

// Process 1 may hide what it is in (Yama, a container's filter): nsd lives in the host's, too.
bool isHosts(int nsFd, const NamespaceIdentity& identity) {
    return identity.inode < firstGivenInode || isOf(::getpid(), identity) || isOf(1, identity) ||
           isAbove(nsFd, identity.type);
}

uid_t ownerOf(int userNsFd) {
    uid_t owner = 0;
    if (::ioctl(userNsFd, NS_GET_OWNER_UID, &owner) != 0)
        throw kernelError("ask for the owner of", "a user namespace", errno);
    return owner;
}

} // namespace

NamespaceOwnership ownershipOf(int nsFd) {
    const auto identity = identifyNamespace(nsFd);
    NamespaceOwnership ownership{.ofHost = isHosts(nsFd, identity), .user = identity};
    if (ownership.ofHost)
        return ownership;
    if (identity.type == NamespaceType::User) {
        ownership.foreign = true;
        ownership.owner = ownerOf(nsFd);
        return ownership;
    }
    const UniqueFd user(::ioctl(nsFd, NS_GET_USERNS));
    if (!user && errno == EPERM) { // it belongs to one that is not below nsd's own
        ownership.ofHost = true;
        return ownership;
    }
    if (!user)
        throw kernelError("ask for the user namespace of", "a namespace", errno);
    ownership.user = identifyNamespace(user.get());
    ownership.foreign = !isOf(::getpid(), ownership.user);
    ownership.owner = ownerOf(user.get());
    return ownership;
}

} // namespace nsd
