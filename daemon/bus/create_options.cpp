// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/create_options.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/bus/link_options.hpp"
#include "daemon/bus/option_reader.hpp"
#include "dbus/compat.hpp"

#include <cstdint>
#include <memory>
#include <utility>

namespace nsd::bus {
namespace {

std::vector<IdRange> takeMap(OptionReader& options, std::string_view key) {
    const auto lines = options.take<std::vector<WireIdRange>>(key);
    if (!lines)
        return {};
    if (lines->empty())
        throw Error(Errc::InvalidArgument,
            "option " + quoted(key) + " has no line; leave it out for the default map");
    std::vector<IdRange> map;
    map.reserve(lines->size());
    for (const auto& line : *lines)
        map.push_back({std::get<0>(line), std::get<1>(line), std::get<2>(line)});
    return map;
}

// What every new namespace can be told.
void takeCommon(OptionReader& options, CreateArguments& arguments) {
    auto& request = arguments.request;
    arguments.owner = options.take<std::uint32_t>("owner");
    request.labels = options.take<TextMap>("labels").value_or(Labels{});
    request.ttl = options.takeDuration("ttl");
    request.lease = options.take<bool>("lease").value_or(false);
    request.requestId = options.takeText("request-id");
}

} // namespace

CreateArguments readAdoptArguments(std::string name, OptionMap given) {
    CreateArguments arguments{CreateRequest{.name = Name(std::move(name))}, std::nullopt};
    OptionReader options("Adopt", std::move(given));
    takeCommon(options, arguments);
    options.finish();
    return arguments;
}

void completeFor(CreateArguments& arguments, const Caller& caller) {
    constexpr uid_t root = 0;
    if (arguments.owner && caller.uid != root)
        throw Error(Errc::AccessDenied,
            "option \"owner\" is for root alone, and uid " + std::to_string(caller.uid) + " gave it");
    auto& request = arguments.request;
    request.caller = caller.uid;
    request.by = requesterOf(caller);
    request.callerGroups = caller.groups;
    request.owner = caller.uid;
    request.spec.owner = arguments.owner;
}

CreateArguments readCreateArguments(std::string name, const Words& types, OptionMap given) {
    CreateArguments arguments{CreateRequest{.name = Name(std::move(name))}, std::nullopt, false};
    auto& request = arguments.request;
    auto& spec = request.spec;
    OptionReader options("Create", std::move(given));
    arguments.unit = options.take<bool>("unit").value_or(false);
    spec.types =
        arguments.unit && types.empty() ? NamespaceTypes{NamespaceType::Net} : namespaceTypesFromWords(types);
    takeCommon(options, arguments);
    arguments.rootless = options.take<bool>("rootless").value_or(false);
    request.persistent = options.take<bool>("persistent").value_or(false);
    request.publish = options.take<bool>("publish").value_or(false);
    if (arguments.rootless && !spec.types.contains(NamespaceType::User))
        throw Error(Errc::InvalidArgument, "rootless needs type user");
    spec.hostname = options.takeText("hostname");
    spec.domainname = options.takeText("domainname");
    spec.sysctls = options.take<TextMap>("sysctls").value_or(TextMap{});
    spec.uidMap = takeMap(options, "uid-map");
    spec.gidMap = takeMap(options, "gid-map");
    spec.mapRoot = options.take<bool>("map-root").value_or(false);
    spec.monotonicOffset = options.take<std::int64_t>("monotonic-offset");
    spec.boottimeOffset = options.take<std::int64_t>("boottime-offset");
    spec.links = readLinks(options.take<OptionMaps>("links").value_or(OptionMaps()));
    if (const auto directory = options.take<sdbus::UnixFd>("etc"))
        arguments.etc = std::make_shared<UniqueFd>(dbus::takeFd(*directory));
    request.cni = options.takeText("cni");
    options.finish();
    return arguments;
}

} // namespace nsd::bus
