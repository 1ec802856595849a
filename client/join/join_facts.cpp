// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/join/join_facts.hpp"

#include "common/error.hpp"

#include <cerrno>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>

namespace nsd::client {
namespace {

NamespaceIdentity ownUserNamespace() {
    const UniqueFd fd(::open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC));
    if (!fd)
        throw kernelError("open", "/proc/self/ns/user", errno);
    return identifyNamespace(fd.get());
}

} // namespace

bool belongsTo(int fd, const NamespaceIdentity& userNamespace) {
    const UniqueFd owner(::ioctl(fd, NS_GET_USERNS));
    // EPERM: an owner that is not below nsctl's own user namespace.
    return owner && identifyNamespace(owner.get()).sameAs(userNamespace);
}

JoinFacts lookAt(Entrance& entrance) {
    auto& fds = entrance.fds;
    const auto own = ownUserNamespace();
    JoinFacts facts;
    facts.privileged = ::geteuid() == 0;
    facts.hasView = entrance.view.valid();
    for (auto entry = fds.begin(); entry != fds.end();) {
        const auto type = entry->first;
        const auto identity = identifyNamespace(entry->second.get());
        if (identity.type != type)
            throw Error(Errc::WrongFd, "nsd sent a namespace of type " + std::string(toWord(identity.type)) +
                                           " as " + std::string(toWord(type)));
        if (type == NamespaceType::User && identity.sameAs(own)) {
            entry = fds.erase(entry);
            continue;
        }
        facts.types.insert(type);
        if (!belongsTo(entry->second.get(), own))
            facts.foreign.insert(type);
        ++entry;
    }
    return facts;
}

} // namespace nsd::client
