// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/lib/nsd/inside.hpp"

#include "dbus/error_names.hpp"

#include <algorithm>

namespace nsd::v0 {
namespace {

// Both enumerations are in the order of the kernel's words, and of the contract's errors.
static_assert(static_cast<int>(Type::Cgroup) == static_cast<int>(NamespaceType::Cgroup) &&
              static_cast<int>(Type::Uts) == static_cast<int>(NamespaceType::Uts));
static_assert(static_cast<int>(Errc::InvalidName) == static_cast<int>(nsd::Errc::InvalidName) + 1 &&
              static_cast<int>(Errc::InteractiveAuthorizationRequired) ==
                  static_cast<int>(nsd::Errc::InteractiveAuthorizationRequired) + 1);

} // namespace

Type outside(NamespaceType type) noexcept {
    return static_cast<Type>(type);
}

NamespaceType inside(Type type) {
    const auto wanted = static_cast<NamespaceType>(type);
    if (std::find(allNamespaceTypes.begin(), allNamespaceTypes.end(), wanted) == allNamespaceTypes.end())
        throw Error(Errc::InvalidArgument, "not a type of namespaces");
    return wanted;
}

NamespaceTypes inside(const Types& types) {
    NamespaceTypes known;
    for (const auto type : types)
        known.insert(inside(type));
    return known;
}

Types outside(const std::vector<std::string>& words) {
    Types types;
    for (const auto type : allNamespaceTypes)
        if (std::find(words.begin(), words.end(), nsd::toWord(type)) != words.end())
            types.insert(outside(type));
    return types;
}

Types outside(const client::NamespaceFds& fds) {
    Types types;
    for (const auto& [type, fd] : fds)
        types.insert(outside(type));
    return types;
}

std::optional<client::User> inside(const std::optional<User>& user) {
    if (!user)
        return std::nullopt;
    return client::User{user->uid, user->gid, {user->groups.begin(), user->groups.end()}};
}

Error outside(const nsd::Error& error) {
    return {static_cast<Errc>(static_cast<int>(error.code()) + 1), error.text(), error.errnoValue()};
}

} // namespace nsd::v0
