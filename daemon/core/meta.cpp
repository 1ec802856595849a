// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/meta.hpp"

#include "common/error.hpp"
#include "daemon/core/create_request.hpp"
#include "daemon/core/grants.hpp"
#include "daemon/core/link_json.hpp"
#include "daemon/core/spec_json.hpp"
#include "daemon/core/strict_json.hpp"

#include <cstdint>

namespace nsd {
namespace {

using nlohmann::json;
using std::chrono::microseconds;
using Words = std::vector<std::string>;

// Grows with every change that an older nsd would misread.
constexpr std::uint32_t schema = 1;

json typesToJson(const std::map<NamespaceType, NamespaceIdentity>& identities) {
    auto types = json::object();
    for (const auto& [type, identity] : identities) {
        auto& entry = types[std::string(toWord(type))];
        entry = {{"device", identity.device}, {"inode", identity.inode}};
        if (identity.id != 0)
            entry["id"] = identity.id;
    }
    return types;
}

void typesFromJson(const json& object, NamespaceRecord& record) {
    if (!object.is_object() || object.empty())
        throw Error(Errc::InvalidArgument, "types is not an object with a type in it");
    for (const auto& [word, value] : object.items()) {
        const auto type = namespaceTypeFromWord(word);
        StrictObject fields(value, "type " + word);
        record.identities.emplace(type,
            NamespaceIdentity{type, fields.get<std::uint64_t>("device"), fields.get<std::uint64_t>("inode"),
                fields.getIfThere<std::uint64_t>("id").value_or(0)});
        record.spec.types.insert(type);
        fields.finish();
    }
}

json grantsToJson(const std::vector<Grant>& grants) {
    auto list = json::array();
    for (const auto& grant : grants)
        list.push_back({{grant.group ? "group" : "user", grant.id}, {"rights", grant.rights}});
    return list;
}

std::vector<Grant> grantsFromJson(const json& list) {
    if (!list.is_array())
        throw Error(Errc::InvalidArgument, "grants is not a list");
    std::vector<Grant> grants;
    for (const auto& value : list) {
        StrictObject fields(value, "a grant");
        Grant grant;
        grant.group = fields.find("group") != nullptr;
        grant.id = fields.get<std::uint32_t>(grant.group ? "group" : "user");
        grant.rights = fields.get<Words>("rights");
        fields.finish();
        grants.push_back(std::move(grant));
    }
    return grants;
}

NamespaceTypes foreignFromJson(const json& list) {
    NamespaceTypes types;
    for (const auto& word : StrictObject::convert<Words>(list, "foreign"))
        types.insert(namespaceTypeFromWord(word));
    return types;
}

json namesToJson(const std::vector<Name>& names) {
    auto list = json::array();
    for (const auto& name : names)
        list.push_back(name.str());
    return list;
}

std::vector<Name> namesFromJson(const json& list) {
    if (!list.is_array() || list.empty())
        throw Error(Errc::InvalidArgument, "public-names is not a list of names");
    std::vector<Name> names;
    for (const auto& value : list) {
        auto name = StrictObject::convert<std::string>(value, "a public name");
        if (!Name::isValid(name))
            throw Error(Errc::InvalidArgument, nsd::quoted(name) + " is no public name");
        names.emplace_back(std::move(name));
    }
    return names;
}

json requestToJson(const NamespaceRecord& record) {
    return {{"caller", record.request->caller}, {"id", record.request->id}, {"digest", record.requestDigest}};
}

void requestFromJson(const json& object, NamespaceRecord& record) {
    StrictObject fields(object, "request");
    record.request = RequestId{fields.get<std::uint32_t>("caller"), fields.get<std::string>("id")};
    record.requestDigest = fields.get<std::uint64_t>("digest");
    fields.finish();
}

std::optional<microseconds> spanFrom(StrictObject& fields, const std::string& key) {
    const auto count = fields.getIfThere<std::int64_t>(key);
    if (count && *count <= 0)
        throw Error(Errc::InvalidArgument, nsd::quoted(key) + " is not more than 0");
    return count ? std::optional(microseconds(*count)) : std::nullopt;
}

Uuid uuidFrom(const std::string& text) {
    if (const auto uuid = Uuid::parse(text))
        return *uuid;
    throw Error(Errc::InvalidArgument, nsd::quoted(text) + " is not a UUID of 32 hex digits");
}

void checkLifetime(const NamespaceRecord& record) {
    const bool lease = record.lifetime == Lifetime::Lease;
    if (lease != record.leaseDeadline.has_value())
        throw Error(Errc::InvalidArgument, "lifetime lease and a lease-deadline go together");
    if (!lease && (record.lifetime == Lifetime::Ttl) != record.deadline.has_value())
        throw Error(Errc::InvalidArgument, "lifetime ttl and a deadline go together");
}

// What the record says about itself must fit together, whoever wrote it.
void checkWhole(const NamespaceRecord& record) {
    validateLabels(record.labels);
    validateGrants(record.grants);
    checkLifetime(record);
    if (record.origin != Origin::Adopted &&
        record.userNamespaceOwner.has_value() != record.types().contains(NamespaceType::User))
        throw Error(Errc::InvalidArgument, "user-namespace-owner and type user go together");
    if (!record.foreign.empty() && record.origin != Origin::Adopted)
        throw Error(Errc::InvalidArgument, "foreign goes with origin adopted");
    if (!record.types().containsAll(record.foreign))
        throw Error(Errc::InvalidArgument, "a foreign type is none of its types");
    if (!record.types().contains(NamespaceType::Net) &&
        !(record.borrowedLinks.empty() && record.unfinishedVeths.empty()))
        throw Error(Errc::InvalidArgument, "links go with type net");
    const auto& group = record.controlGroup;
    if (!group.empty() &&
        (group.front() != '/' || group.find("..") != std::string::npos || hasControlCharacters(group)))
        throw Error(Errc::InvalidArgument, nsd::quoted(group) + " is not the path of a control group");
    if (record.initPid < 0 || (record.initPid != 0 && !record.types().contains(NamespaceType::Pid)))
        throw Error(Errc::InvalidArgument, "init-pid goes with type pid");
    if (!record.publicNames.empty() && !record.types().contains(NamespaceType::Net))
        throw Error(Errc::InvalidArgument, "public-names goes with type net");
}

json parsed(const std::string& text) {
    // Without exceptions: the parser's own messages quote what it was given.
    auto value = json::parse(text, nullptr, false);
    if (value.is_discarded())
        throw Error(Errc::InvalidArgument, "meta is not JSON");
    return value;
}

} // namespace

std::string writeMeta(const NamespaceRecord& record, const std::string& bootId) {
    json meta = {
        {"schema", schema},
        {"uuid", record.uuid.str()},
        {"boot-id", bootId},
        {"owner", record.owner},
        {"origin", toWord(record.origin)},
        {"lifetime", toWord(record.lifetime)},
        {"created", record.createdRealtime},
        {"types", typesToJson(record.identities)},
        {"labels", record.labels},
        {"grants", grantsToJson(record.grants)},
        {"options", optionsToJson(record.spec)},
    };
    if (!record.foreign.empty())
        meta["foreign"] = toWords(record.foreign);
    if (record.userNamespaceOwner)
        meta["user-namespace-owner"] = *record.userNamespaceOwner;
    if (record.ttl)
        meta["ttl"] = record.ttl->count();
    if (record.deadline)
        meta["deadline"] = record.deadline->count();
    if (record.leaseDeadline)
        meta["lease-deadline"] = record.leaseDeadline->count();
    if (record.request)
        meta["request"] = requestToJson(record);
    if (!record.controlGroup.empty())
        meta["control-group"] = record.controlGroup;
    if (record.initPid != 0)
        meta["init-pid"] = record.initPid;
    if (!record.etcFiles.empty())
        meta["etc-files"] = record.etcFiles;
    if (!record.cni.empty())
        meta["cni"] = json::parse(record.cni);
    if (record.declared)
        meta["declared"] = *record.declared;
    if (!record.publicNames.empty())
        meta["public-names"] = namesToJson(record.publicNames);
    if (!record.borrowedLinks.empty())
        meta["borrowed-links"] = borrowedToJson(record.borrowedLinks);
    if (!record.unfinishedVeths.empty())
        meta["unfinished-veths"] = unfinishedToJson(record.unfinishedVeths);
    return meta.dump(2) + '\n';
}

Meta readMeta(const std::string& text, const Name& name) {
    const auto object = parsed(text);
    StrictObject fields(object, "meta");
    if (const auto found = fields.get<std::uint32_t>("schema"); found != schema)
        throw Error(Errc::InvalidArgument,
            "schema " + std::to_string(found) + " is not known here, only " + std::to_string(schema));
    Meta meta{NamespaceRecord{.uuid = uuidFrom(fields.get<std::string>("uuid")), .name = name},
        fields.get<std::string>("boot-id")};
    auto& record = meta.record;
    record.owner = fields.get<std::uint32_t>("owner");
    record.spec.owner = record.owner == 0 ? std::nullopt : std::optional(record.owner);
    record.origin = originFromWord(fields.get<std::string>("origin"));
    record.lifetime = lifetimeFromWord(fields.get<std::string>("lifetime"));
    record.createdRealtime = fields.get<std::uint64_t>("created");
    typesFromJson(fields.at("types"), record);
    record.labels = textsFromJson(fields.at("labels"), "labels");
    record.grants = grantsFromJson(fields.at("grants"));
    optionsFromJson(fields.at("options"), record.spec);
    if (const auto* foreign = fields.find("foreign"))
        record.foreign = foreignFromJson(*foreign);
    record.userNamespaceOwner = fields.getIfThere<std::uint32_t>("user-namespace-owner");
    record.ttl = spanFrom(fields, "ttl");
    record.deadline = spanFrom(fields, "deadline");
    record.leaseDeadline = spanFrom(fields, "lease-deadline");
    if (const auto* request = fields.find("request"))
        requestFromJson(*request, record);
    record.controlGroup = fields.getIfThere<std::string>("control-group").value_or("");
    record.initPid = static_cast<pid_t>(fields.getIfThere<std::uint32_t>("init-pid").value_or(0));
    record.etcFiles = fields.getIfThere<Words>("etc-files").value_or(Words());
    if (const auto* cni = fields.find("cni"))
        record.cni = cni->dump();
    record.declared = fields.getIfThere<std::uint64_t>("declared");
    if (const auto* names = fields.find("public-names"))
        record.publicNames = namesFromJson(*names);
    if (const auto* links = fields.find("borrowed-links"))
        record.borrowedLinks = borrowedFromJson(*links);
    if (const auto* veths = fields.find("unfinished-veths"))
        record.unfinishedVeths = unfinishedFromJson(*veths);
    fields.finish();
    checkWhole(record);
    return meta;
}

} // namespace nsd
