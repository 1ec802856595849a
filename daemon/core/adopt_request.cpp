// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/adopt_request.hpp"

#include "common/error.hpp"
#include "daemon/core/request_digest.hpp"

#include <string>

namespace nsd {
namespace {

using Ownerships = std::map<NamespaceType, NamespaceOwnership>;

std::string the(NamespaceType type) {
    return "the descriptor for " + std::string(toWord(type));
}

NamespaceIdentity identityOf(const Kernel& kernel, NamespaceType type, int fd) {
    try {
        const auto identity = kernel.identify(fd);
        if (identity.type != type)
            throw Error(Errc::WrongFd, "it is a namespace of type " + std::string(toWord(identity.type)));
        return identity;
    } catch (const Error& error) {
        throw Error(error.code(), the(type) + ": " + error.text(), error.errnoValue());
    }
}

NamespaceOwnership ownershipOf(const Kernel& kernel, NamespaceType type, int fd) {
    const auto ownership = kernel.ownershipOf(fd);
    if (ownership.ofHost)
        throw Error(Errc::InvalidArgument, the(type) + " is the host's own " + std::string(toWord(type)) +
                                               " namespace, which cannot be adopted");
    return ownership;
}

void checkUserNamespace(const Ownerships& all) {
    const auto user = all.find(NamespaceType::User);
    if (user == all.end())
        return;
    for (const auto type : {NamespaceType::Mnt, NamespaceType::Pid}) {
        const auto found = all.find(type);
        if (found != all.end() && found->second.foreign && !found->second.user.sameAs(user->second.user))
            throw Error(Errc::InvalidArgument,
                the(type) + " belongs to another user namespace than the one that comes with it");
    }
}

// Empty where they are not all the same user's.
std::optional<uid_t> commonOwner(const Ownerships& all, NamespaceTypes of) {
    std::optional<uid_t> owner;
    for (const auto type : of) {
        const auto found = all.at(type).owner;
        if (owner && *owner != found)
            return std::nullopt;
        owner = found;
    }
    return owner;
}

} // namespace

AdoptionFacts inspect(const Kernel& kernel, const OpenedNamespaces& fds) {
    if (fds.empty())
        throw Error(Errc::InvalidArgument, "no descriptor of a namespace was given");
    AdoptionFacts facts;
    Ownerships all;
    NamespaceTypes types;
    for (const auto& [type, fd] : fds) {
        facts.identities.emplace(type, identityOf(kernel, type, fd.get()));
        const auto ownership = ownershipOf(kernel, type, fd.get());
        all.emplace(type, ownership);
        types.insert(type);
        if (ownership.foreign)
            facts.foreign.insert(type);
    }
    checkUserNamespace(all);
    facts.userNamespaceOwner = commonOwner(
        all, types.contains(NamespaceType::User) ? NamespaceTypes{NamespaceType::User} : facts.foreign);
    if (facts.foreign == types)
        facts.rightfulOwner = commonOwner(all, types);
    return facts;
}

std::uint64_t requestDigest(const CreateRequest& request, const AdoptionFacts& facts) {
    auto hash = requestDigest(request);
    const auto mix = [&](std::uint64_t number) { hash = (hash ^ number) * 0x100000001b3; };
    for (const auto& [type, identity] : facts.identities)
        for (const auto number : {identity.device, identity.inode, identity.id})
            mix(number);
    return hash;
}

} // namespace nsd
