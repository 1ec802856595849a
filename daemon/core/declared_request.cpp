// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/declared_request.hpp"

#include "common/quote.hpp"
#include "daemon/core/grants.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace nsd {
namespace {

constexpr std::uint32_t anybody = 1; // stands for a name that is not looked up yet

std::uint32_t idOf(
    const Principal& principal, std::string_view kind, const std::map<std::string, std::uint32_t>& ids) {
    if (const auto* id = std::get_if<std::uint32_t>(&principal))
        return *id;
    const auto& name = std::get<std::string>(principal);
    const auto found = ids.find(name);
    if (found == ids.end())
        throw Error(Errc::InvalidArgument, "there is no " + std::string(kind) + " " + quoted(name));
    return found->second;
}

std::uint32_t numberIn(const Principal& principal) {
    const auto* id = std::get_if<std::uint32_t>(&principal);
    return id == nullptr ? anybody : *id;
}

CreateRequest requestFor(const Definition& definition, uid_t owner) {
    CreateRequest request{.name = definition.name, .spec = definition.spec};
    request.spec.owner = owner;
    request.labels = definition.labels;
    request.cni = definition.cni;
    request.persistent = definition.place == Definition::Place::State;
    request.publish = definition.publish;
    request.origin = Origin::Declared;
    return request;
}

void checkRootless(const Definition& definition, uid_t owner) {
    if (!definition.rootless)
        return;
    if (!definition.spec.types.contains(NamespaceType::User))
        throw Error(Errc::InvalidArgument, "rootless needs type user");
    if (owner == 0)
        throw Error(Errc::InvalidArgument, "rootless needs an owner who is not root");
}

template <class T>
Problem problemOf(const std::string& pointer, const T& error) {
    return {Problem::Severity::Error, pointer, error.text()};
}

void checkGrants(const Definition& definition, std::vector<Problem>& problems) {
    std::vector<Grant> grants;
    for (std::size_t i = 0; i < definition.grants.size(); ++i) {
        const auto& grant = definition.grants[i];
        try {
            grants = withGrant(std::move(grants),
                makeGrant(grant.group ? "group" : "user", numberIn(grant.to), grant.rights));
        } catch (const Error& error) {
            problems.push_back(problemOf("/grants/" + std::to_string(i), error));
        }
    }
}

// A key, and whether two namespaces have the same under it.
struct Part {
    std::string_view key;
    bool (*same)(const NamespaceSpec& a, const NamespaceSpec& b);
};

template <auto Member>
bool isSame(const NamespaceSpec& a, const NamespaceSpec& b) {
    return a.*Member == b.*Member;
}

bool haveSameTypes(const NamespaceSpec& a, const NamespaceSpec& b) {
    return a.types.containsAll(b.types) && b.types.containsAll(a.types);
}

constexpr std::array parts{
    Part{"types", haveSameTypes},
    Part{"owner", isSame<&NamespaceSpec::owner>},
    Part{"hostname", isSame<&NamespaceSpec::hostname>},
    Part{"domainname", isSame<&NamespaceSpec::domainname>},
    Part{"sysctls", isSame<&NamespaceSpec::sysctls>},
    Part{"uid-map", isSame<&NamespaceSpec::uidMap>},
    Part{"gid-map", isSame<&NamespaceSpec::gidMap>},
    Part{"map-root", isSame<&NamespaceSpec::mapRoot>},
    Part{"monotonic-offset", isSame<&NamespaceSpec::monotonicOffset>},
    Part{"boottime-offset", isSame<&NamespaceSpec::boottimeOffset>},
    Part{"links", isSame<&NamespaceSpec::links>},
    Part{"etc", isSame<&NamespaceSpec::etc>},
};

} // namespace

std::vector<Problem> problemsOf(const Definition& definition) {
    std::vector<Problem> problems;
    const auto owner = definition.owner ? numberIn(*definition.owner) : 0;
    auto request = requestFor(definition, owner);
    for (const auto& complaint : complaintsAbout(request))
        problems.push_back(problemOf("/" + complaint.option, complaint.error));
    try {
        checkRootless(definition, owner);
    } catch (const Error& error) {
        problems.push_back(problemOf("/rootless", error));
    }
    checkGrants(definition, problems);
    if (!definition.forwards.empty() && !definition.spec.types.contains(NamespaceType::Net))
        problems.push_back({Problem::Severity::Error, "/forwards", "forwards needs type net"});
    return problems;
}

Definition inNormalForm(Definition definition) {
    auto request = requestFor(definition, definition.owner ? numberIn(*definition.owner) : 0);
    validate(request);
    definition.spec.sysctls = std::move(request.spec.sysctls);
    return definition;
}

AccountNames namesIn(const Definition& definition) {
    AccountNames names;
    const auto add = [](const Principal& principal, std::set<std::string>& to) {
        if (const auto* name = std::get_if<std::string>(&principal))
            to.insert(*name);
    };
    if (definition.owner)
        add(*definition.owner, names.users);
    for (const auto& grant : definition.grants)
        add(grant.to, grant.group ? names.groups : names.users);
    return names;
}

CreateRequest requestOf(const Definition& definition, const AccountIds& ids) {
    const auto owner = definition.owner ? idOf(*definition.owner, "user", ids.users) : 0;
    checkRootless(definition, owner);
    auto request = requestFor(definition, owner);
    validate(request);
    for (const auto& grant : definition.grants) {
        const std::string_view kind = grant.group ? "group" : "user";
        const auto id = idOf(grant.to, kind, grant.group ? ids.groups : ids.users);
        request.grants = withGrant(std::move(request.grants), makeGrant(kind, id, grant.rights));
    }
    request.declared = digestOf(request.labels, request.grants);
    return request;
}

Definition definitionOf(const NamespaceRecord& record) {
    Definition definition{.name = record.name, .place = Definition::Place::State};
    definition.spec = record.spec;
    definition.spec.owner.reset();
    if (record.owner != 0)
        definition.owner = record.owner;
    definition.labels = record.labels;
    definition.cni = record.cni;
    for (const auto& grant : record.grants)
        definition.grants.push_back({grant.group, grant.id, grant.rights});
    definition.publish = !record.publicNames.empty();
    definition.uuid = record.uuid;
    return definition;
}

// FNV-1a; each text ends with a byte that none of them has.
std::uint64_t digestOf(const Labels& labels, const std::vector<Grant>& grants) {
    std::uint64_t hash = 0xcbf29ce484222325;
    const auto mix = [&](const std::string& text) {
        for (const char byte : text + '\0') {
            hash ^= static_cast<unsigned char>(byte);
            hash *= 0x100000001b3;
        }
    };
    for (const auto& [key, value] : labels) {
        mix(key);
        mix(value);
    }
    for (const auto& grant : grants) {
        mix(groundOf(grant));
        for (const auto& right : grant.rights)
            mix(right);
    }
    return hash;
}

std::vector<std::string> differences(const NamespaceRecord& record, const CreateRequest& request) {
    std::vector<std::string> keys;
    for (const auto& part : parts)
        if (!part.same(record.spec, request.spec))
            keys.emplace_back(part.key);
    if (request.publish == record.publicNames.empty())
        keys.emplace_back("publish");
    if (record.cni != request.cni)
        keys.emplace_back("cni");
    return keys;
}

} // namespace nsd
