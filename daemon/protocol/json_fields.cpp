// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/protocol/json_fields.hpp"

namespace nsd::protocol {
namespace {

Json toJson(const IdRange& range) {
    return Json::array({range.inside, range.outside, range.count});
}

IdRange toRange(const Json& json) {
    return {toInteger<std::uint32_t>(json.at(0)), toInteger<std::uint32_t>(json.at(1)),
        toInteger<std::uint32_t>(json.at(2))};
}

Json rangesToJson(const std::vector<IdRange>& ranges) {
    Json list = Json::array();
    for (const auto& range : ranges)
        list.push_back(toJson(range));
    return list;
}

Json toJson(const SubIds& ids) {
    return Json::array({ids.first, ids.count});
}

SubIds toSubIds(const Json& json) {
    return {toInteger<std::uint32_t>(json.at(0)), toInteger<std::uint32_t>(json.at(1))};
}

Json subIdsToJson(const std::vector<SubIds>& list) {
    Json json = Json::array();
    for (const auto& ids : list)
        json.push_back(toJson(ids));
    return json;
}

template <class Integer>
void put(Json& object, const char* key, const std::optional<Integer>& value) {
    if (value)
        object[key] = *value;
}

template <class Integer>
void take(const Json& object, const char* key, std::optional<Integer>& value) {
    if (const auto found = object.find(key); found != object.end())
        value = toInteger<Integer>(*found);
}

} // namespace

std::string dump(const Json& json) {
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string dumpExactly(const Json& json) {
    try {
        return json.dump();
    } catch (const Json::exception& error) {
        throw Error(Errc::InvalidArgument, std::string("what is not UTF-8 cannot be told: ") + error.what());
    }
}

Json toJson(NamespaceTypes types) {
    return toWords(types);
}

NamespaceTypes toTypes(const Json& json) {
    NamespaceTypes types;
    for (const auto& word : toList(json, [](const Json& item) { return item.get<std::string>(); }))
        types.insert(namespaceTypeFromWord(word));
    return types;
}

Json toJson(const NamespaceSpec& spec) {
    Json json{{"types", toJson(spec.types)}, {"uidMap", rangesToJson(spec.uidMap)},
        {"gidMap", rangesToJson(spec.gidMap)}, {"mapRoot", spec.mapRoot},
        {"ownerMaySetGroups", spec.ownerMaySetGroups}, {"hostname", spec.hostname},
        {"domainname", spec.domainname}, {"sysctls", spec.sysctls}};
    put(json, "owner", spec.owner);
    put(json, "ownerGroup", spec.ownerGroup);
    put(json, "monotonicOffset", spec.monotonicOffset);
    put(json, "boottimeOffset", spec.boottimeOffset);
    return json;
}

NamespaceSpec toSpec(const Json& json) {
    NamespaceSpec spec;
    spec.types = toTypes(json.at("types"));
    spec.uidMap = toList(json.at("uidMap"), toRange);
    spec.gidMap = toList(json.at("gidMap"), toRange);
    spec.mapRoot = json.at("mapRoot").get<bool>();
    spec.ownerMaySetGroups = json.at("ownerMaySetGroups").get<bool>();
    spec.hostname = json.at("hostname").get<std::string>();
    spec.domainname = json.at("domainname").get<std::string>();
    spec.sysctls = json.at("sysctls").get<std::map<std::string, std::string>>();
    take(json, "owner", spec.owner);
    take(json, "ownerGroup", spec.ownerGroup);
    take(json, "monotonicOffset", spec.monotonicOffset);
    take(json, "boottimeOffset", spec.boottimeOffset);
    return spec;
}

Json toJson(const NamespaceIdentity& identity) {
    return {{"type", toWord(identity.type)}, {"device", identity.device}, {"inode", identity.inode},
        {"id", identity.id}};
}

NamespaceIdentity toIdentity(const Json& json) {
    return {namespaceTypeFromWord(json.at("type").get<std::string>()),
        toInteger<std::uint64_t>(json.at("device")), toInteger<std::uint64_t>(json.at("inode")),
        toInteger<std::uint64_t>(json.at("id"))};
}

Json toJson(const Holder& holder) {
    return {{"kind", holder.kind}, {"pid", holder.pid}, {"comm", holder.comm}, {"type", holder.type},
        {"detail", holder.detail}, {"uid", holder.uid}};
}

Holder toHolder(const Json& json) {
    return {json.at("kind").get<std::string>(), toInteger<std::uint32_t>(json.at("pid")),
        json.at("comm").get<std::string>(), json.at("type").get<std::string>(),
        json.at("detail").get<std::string>(), toInteger<std::uint32_t>(json.at("uid"))};
}

Json toJson(const LeaseFile& lease) {
    return {{"device", lease.device}, {"inode", lease.inode}, {"uid", lease.uid}, {"text", lease.text}};
}

LeaseFile toLeaseFile(const Json& json) {
    return {toInteger<std::uint64_t>(json.at("device")), toInteger<std::uint64_t>(json.at("inode")),
        toInteger<std::uint32_t>(json.at("uid")), json.at("text").get<std::string>()};
}

Json toJson(const UserEntry& entry) {
    return {{"known", entry.known}, {"name", entry.name}, {"gid", entry.gid}, {"home", entry.home},
        {"shell", entry.shell}, {"subUids", subIdsToJson(entry.subUids)},
        {"subGids", subIdsToJson(entry.subGids)}};
}

UserEntry toUserEntry(const Json& json) {
    return {json.at("known").get<bool>(), json.at("name").get<std::string>(),
        toInteger<gid_t>(json.at("gid")), json.at("home").get<std::string>(),
        json.at("shell").get<std::string>(), toList(json.at("subUids"), toSubIds),
        toList(json.at("subGids"), toSubIds)};
}

Json toJson(const UserIds& ids) {
    return {{"uid", ids.uid}, {"gid", ids.gid}, {"groups", ids.groups}};
}

UserIds toUserIds(const Json& json) {
    return {toInteger<uid_t>(json.at("uid")), toInteger<gid_t>(json.at("gid")),
        toList(json.at("groups"), toInteger<gid_t>)};
}

Json toJson(const SocketSpec& socket) {
    return Json::array({socket.family, socket.type, socket.protocol});
}

SocketSpec toSocketSpec(const Json& json) {
    return {toInteger<int>(json.at(0)), toInteger<int>(json.at(1)), toInteger<int>(json.at(2))};
}

Json toJson(const Error& error) {
    return {{"code", toWord(error.code())}, {"text", error.text()}, {"errno", error.errnoValue()}};
}

Error toError(const Json& json) {
    const auto code = errcFromWord(json.at("code").get<std::string>());
    if (!code)
        throw Error(Errc::KernelError, "a worker's error has an unknown code");
    return {*code, json.at("text").get<std::string>(), toInteger<int>(json.at("errno"))};
}

} // namespace nsd::protocol
