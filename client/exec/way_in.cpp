// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/exec/way_in.hpp"

#include "client/join/join_facts.hpp"
#include "common/nsfs.hpp"

#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace nsd::client {
namespace {

// By what everybody may see: his, with its user namespace, and without a control group, which root alone
// can move a process into.
bool looksOwn(const NamespaceDetails& details, NamespaceTypes wanted, uid_t uid) {
    return details.owner == uid && wanted.contains(NamespaceType::User) &&
           !wanted.contains(NamespaceType::Cgroup);
}

// NS_GET_OWNER_UID: who made the user namespace; a map does not change it.
bool isOwnerOf(int userNamespace, uid_t uid) {
    uid_t owner = 0;
    return ::ioctl(userNamespace, NS_GET_OWNER_UID, &owner) == 0 && owner == uid;
}

bool kernelLets(const NamespaceFds& fds, uid_t uid) {
    const auto user = fds.find(NamespaceType::User);
    if (user == fds.end() || !isOwnerOf(user->second.get(), uid))
        return false;
    const auto identity = identifyNamespace(user->second.get());
    for (const auto& [type, fd] : fds)
        if (type != NamespaceType::User && !belongsTo(fd.get(), identity))
            return false;
    return true;
}

} // namespace

Joiner thisJoiner() {
    const auto uid = ::geteuid();
    return {uid, [uid](const NamespaceFds& fds) { return kernelLets(fds, uid); }};
}

WayIn findWayIn(Client& client, const Joiner& joiner, const std::string& name, NamespaceTypes types) {
    if (joiner.uid == 0)
        return client.enter(name, types);
    const auto details = client.show(name);
    if (types.empty())
        types = namespaceTypesFromWords(details.types);
    if (looksOwn(details, types, joiner.uid))
        if (auto entrance = client.enter(name, types); joiner.kernelLets(entrance.fds))
            return entrance;
    return types;
}

} // namespace nsd::client
