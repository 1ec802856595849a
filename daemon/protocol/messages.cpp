// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/protocol/messages.hpp"

#include "common/quote.hpp"
#include "daemon/protocol/json_fields.hpp"
#include "daemon/protocol/link_fields.hpp"
#include "daemon/protocol/view_json.hpp"

#include <utility>

// A message is an object with one key, which says what the message is: {"make": {…}}.
namespace nsd::protocol {
namespace {

Json message(const char* kind, Json content) {
    return Json{{kind, std::move(content)}};
}

struct Encoder {
    Json operator()(const MakeRequest& request) const {
        return message("make", {{"spec", toJson(request.spec)}, {"attempt", request.attempt},
                                   {"withControlGroup", request.withControlGroup}});
    }
    Json operator()(const DropRequest& /*request*/) const { return message("drop", Json::object()); }
    Json operator()(const HoldersRequest& request) const {
        return message("holders", {{"namespaces", listToJson(request.query.namespaces)},
                                      {"leases", listToJson(request.query.leases)},
                                      {"ownMounts", request.query.ownMounts}, {"ignored", request.ignored}});
    }
    Json operator()(const CountRequest& request) const {
        Json groups = Json::array();
        for (const auto& group : request.groups)
            groups.push_back(listToJson(group));
        return message("count", {{"groups", std::move(groups)}, {"ignored", request.ignored}});
    }
    Json operator()(const LinksRequest& /*request*/) const { return message("links", Json::object()); }
    Json operator()(const KillRequest& request) const {
        return message("kill", {{"namespaces", listToJson(request.namespaces)}, {"spared", request.spared},
                                   {"patience", request.patience.count()}});
    }

    Json operator()(const UserRequest& request) const { return message("user", {{"uid", request.uid}}); }

    Json operator()(const AccountsRequest& request) const {
        return message("accounts", {{"users", request.names.users}, {"groups", request.names.groups}});
    }
    Json operator()(const SocketRequest& request) const {
        return message("socket", {{"socket", toJson(request.socket)}, {"ids", toJson(request.ids)}});
    }
    Json operator()(const InitRequest& request) const {
        return message("init", toJson(request.pidNamespace));
    }
    Json operator()(const InspectLinkRequest& request) const { return message("inspectLink", request.name); }
    Json operator()(const MoveLinkRequest& request) const {
        return message(
            "moveLink", {{"custody", toJson(request.custody)}, {"name", request.name}, {"up", request.up}});
    }
    Json operator()(const BringLinkHomeRequest& request) const {
        return message("bringLinkHome", toJson(request.custody));
    }
    Json operator()(const MakeVethRequest& request) const {
        return message("makeVeth", toJson(request.veth));
    }
    Json operator()(const RemoveVethRequest& request) const {
        return message("removeVeth", {{"name", request.name}, {"mac", request.mac}});
    }
    Json operator()(const ViewRequest& request) const { return message("view", toJson(request)); }
    Json operator()(const EtcFilesRequest& request) const {
        return message("etcFiles", toJson(request.user));
    }
    Json operator()(const EtcRequest& request) const { return message("etc", toJson(request)); }

    Json operator()(const ReadyReply& /*reply*/) const { return message("ready", Json::object()); }
    Json operator()(const MakeReply& reply) const {
        return message("make", {{"types", toJson(reply.types)}, {"initPid", reply.initPid}});
    }
    Json operator()(const DropReply& /*reply*/) const { return message("drop", Json::object()); }
    Json operator()(const HoldersReply& reply) const { return message("holders", listToJson(reply.holders)); }
    Json operator()(const CountReply& reply) const { return message("count", reply.counts); }
    Json operator()(const LinksReply& reply) const {
        Json links = Json::array();
        for (const auto& each : reply.links)
            links.push_back(toJson(each));
        return message("links", std::move(links));
    }
    Json operator()(const KillReply& reply) const { return message("kill", listToJson(reply.left)); }
    Json operator()(const UserReply& reply) const { return message("user", toJson(reply.entry)); }
    Json operator()(const AccountsReply& reply) const {
        return message("accounts", {{"users", reply.ids.users}, {"groups", reply.ids.groups}});
    }
    Json operator()(const SocketReply& /*reply*/) const { return message("socket", Json::object()); }
    Json operator()(const InitReply& reply) const { return message("init", reply.pid); }
    Json operator()(const InspectLinkReply& reply) const {
        return message("inspectLink", toJson(reply.custody));
    }
    Json operator()(const MoveLinkReply& reply) const { return message("moveLink", toJson(reply.moved)); }
    Json operator()(const BringLinkHomeReply& reply) const {
        return message("bringLinkHome", toJson(reply.returned));
    }
    Json operator()(const MakeVethReply& reply) const {
        return message("makeVeth", Json::array({toJson(reply.ends.first), toJson(reply.ends.second)}));
    }
    Json operator()(const RemoveVethReply& reply) const { return message("removeVeth", reply.removed); }
    Json operator()(const ViewReply& /*reply*/) const { return message("view", Json::object()); }
    Json operator()(const EtcFilesReply& reply) const { return message("etcFiles", reply.files); }
    Json operator()(const EtcReply& reply) const {
        return message("etc", {{"files", reply.files}, {"remarks", reply.remarks}});
    }
    Json operator()(const Error& error) const { return message("error", toJson(error)); }
};

std::vector<pid_t> toPids(const Json& json) {
    return toList(json, toInteger<pid_t>);
}

std::map<std::string, std::uint32_t> toIds(const Json& json) {
    std::map<std::string, std::uint32_t> ids;
    for (const auto& [name, id] : json.get<std::map<std::string, Json>>())
        ids.emplace(name, toInteger<std::uint32_t>(id));
    return ids;
}

std::vector<NamespaceIdentity> toIdentities(const Json& json) {
    return toList(json, toIdentity);
}

Request toRequest(const std::string& kind, const Json& json) {
    if (kind == "make")
        return MakeRequest{toSpec(json.at("spec")), toInteger<unsigned>(json.at("attempt")),
            json.at("withControlGroup").get<bool>()};
    if (kind == "drop")
        return DropRequest{};
    if (kind == "holders")
        return HoldersRequest{{toIdentities(json.at("namespaces")), toList(json.at("leases"), toLeaseFile),
                                  json.at("ownMounts").get<std::vector<std::string>>()},
            toPids(json.at("ignored"))};
    if (kind == "count")
        return CountRequest{toList(json.at("groups"), toIdentities), toPids(json.at("ignored"))};
    if (kind == "links")
        return LinksRequest{};
    if (kind == "kill")
        return KillRequest{toIdentities(json.at("namespaces")), toPids(json.at("spared")),
            std::chrono::microseconds(toInteger<std::int64_t>(json.at("patience")))};
    if (kind == "user")
        return UserRequest{toInteger<uid_t>(json.at("uid"))};
    if (kind == "accounts")
        return AccountsRequest{
            {json.at("users").get<std::set<std::string>>(), json.at("groups").get<std::set<std::string>>()}};
    if (kind == "socket")
        return SocketRequest{toSocketSpec(json.at("socket")), toUserIds(json.at("ids"))};
    if (kind == "init")
        return InitRequest{toIdentity(json)};
    if (kind == "inspectLink")
        return InspectLinkRequest{json.get<std::string>()};
    if (kind == "moveLink")
        return MoveLinkRequest{
            toLinkCustody(json.at("custody")), json.at("name").get<std::string>(), json.at("up").get<bool>()};
    if (kind == "bringLinkHome")
        return BringLinkHomeRequest{toLinkCustody(json)};
    if (kind == "makeVeth")
        return MakeVethRequest{toVethSpec(json)};
    if (kind == "removeVeth")
        return RemoveVethRequest{json.at("name").get<std::string>(), json.at("mac").get<std::string>()};
    if (kind == "view")
        return toViewRequest(json);
    if (kind == "etcFiles")
        return EtcFilesRequest{toUserIds(json)};
    if (kind == "etc")
        return toEtcRequest(json);
    throw Error(Errc::KernelError, "there is no request " + nsd::quoted(kind));
}

Reply toReply(const std::string& kind, const Json& json) {
    if (kind == "ready")
        return ReadyReply{};
    if (kind == "make")
        return MakeReply{toTypes(json.at("types")), toInteger<pid_t>(json.at("initPid"))};
    if (kind == "drop")
        return DropReply{};
    if (kind == "holders")
        return HoldersReply{toList(json, toHolder)};
    if (kind == "count")
        return CountReply{toList(json, toInteger<std::uint32_t>)};
    if (kind == "links")
        return LinksReply{toList(json, [](const Json& each) { return toList(each, toLinkState); })};
    if (kind == "kill")
        return KillReply{toList(json, toHolder)};
    if (kind == "user")
        return UserReply{toUserEntry(json)};
    if (kind == "accounts")
        return AccountsReply{{toIds(json.at("users")), toIds(json.at("groups"))}};
    if (kind == "socket")
        return SocketReply{};
    if (kind == "init")
        return InitReply{toInteger<pid_t>(json)};
    if (kind == "inspectLink")
        return InspectLinkReply{toLinkCustody(json)};
    if (kind == "moveLink")
        return MoveLinkReply{toMovedLink(json)};
    if (kind == "bringLinkHome")
        return BringLinkHomeReply{toReturnedLink(json)};
    if (kind == "makeVeth")
        return MakeVethReply{{toMovedLink(json.at(0)), toMovedLink(json.at(1))}};
    if (kind == "removeVeth")
        return RemoveVethReply{json.get<bool>()};
    if (kind == "view")
        return ViewReply{};
    if (kind == "etcFiles")
        return EtcFilesReply{json.get<EtcFiles>()};
    if (kind == "etc")
        return EtcReply{json.at("files").get<std::vector<std::string>>(),
            json.at("remarks").get<std::vector<std::string>>()};
    if (kind == "error")
        return toError(json);
    throw Error(Errc::KernelError, "there is no reply " + nsd::quoted(kind));
}

// The one key of a message, and what it stands for.
template <class Convert>
auto decodeMessage(const std::string& text, Convert convert) {
    return decode(text, "a worker's", [&](const Json& json) {
        if (!json.is_object() || json.size() != 1)
            throw Error(Errc::KernelError, "it is not an object with one key");
        return convert(json.begin().key(), json.begin().value());
    });
}

} // namespace

std::string encode(const Request& request) {
    return dump(std::visit(Encoder{}, request));
}
std::string encode(const Reply& reply) {
    return dump(std::visit(Encoder{}, reply));
}
Request decodeRequest(const std::string& text) {
    return decodeMessage(text, toRequest);
}
Reply decodeReply(const std::string& text) {
    return decodeMessage(text, toReply);
}

} // namespace nsd::protocol
