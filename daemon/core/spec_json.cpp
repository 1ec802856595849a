// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/spec_json.hpp"

#include "daemon/core/link_json.hpp"
#include "daemon/core/strict_json.hpp"

#include <cstdint>

namespace nsd {
namespace {

using nlohmann::json;

json mapToJson(const std::vector<IdRange>& map) {
    auto lines = json::array();
    for (const auto& range : map)
        lines.push_back({range.inside, range.outside, range.count});
    return lines;
}

std::vector<IdRange> mapFromJson(const json& lines, const std::string& where) {
    if (!lines.is_array())
        throw Error(Errc::InvalidArgument, where + " is not a list");
    std::vector<IdRange> map;
    map.reserve(lines.size());
    for (const auto& line : lines) {
        if (!line.is_array() || line.size() != 3)
            throw Error(Errc::InvalidArgument, where + " has a line that is not three numbers");
        const auto number = [&](std::size_t i) {
            return StrictObject::convert<std::uint32_t>(line[i], where);
        };
        map.push_back({number(0), number(1), number(2)});
    }
    return map;
}

} // namespace

std::map<std::string, std::string> textsFromJson(const json& object, const std::string& where) {
    if (!object.is_object())
        throw Error(Errc::InvalidArgument, where + " is not an object");
    std::map<std::string, std::string> texts;
    for (const auto& [key, value] : object.items())
        texts.emplace(key, StrictObject::convert<std::string>(value, where + ": " + nsd::quoted(key)));
    return texts;
}

json optionsToJson(const NamespaceSpec& spec) {
    auto options = json::object();
    if (!spec.uidMap.empty())
        options["uid-map"] = mapToJson(spec.uidMap);
    if (!spec.gidMap.empty())
        options["gid-map"] = mapToJson(spec.gidMap);
    if (spec.mapRoot)
        options["map-root"] = true;
    if (!spec.hostname.empty())
        options["hostname"] = spec.hostname;
    if (!spec.domainname.empty())
        options["domainname"] = spec.domainname;
    if (!spec.sysctls.empty())
        options["sysctls"] = spec.sysctls;
    if (spec.monotonicOffset)
        options["monotonic-offset"] = *spec.monotonicOffset;
    if (spec.boottimeOffset)
        options["boottime-offset"] = *spec.boottimeOffset;
    if (!spec.links.empty())
        options["links"] = linksToJson(spec.links);
    if (!spec.etc.empty())
        options["etc"] = spec.etc;
    return options;
}

void optionsFromJson(const json& object, NamespaceSpec& spec) {
    StrictObject fields(object, "options");
    if (const auto* map = fields.find("uid-map"))
        spec.uidMap = mapFromJson(*map, "uid-map");
    if (const auto* map = fields.find("gid-map"))
        spec.gidMap = mapFromJson(*map, "gid-map");
    spec.mapRoot = fields.getIfThere<bool>("map-root").value_or(false);
    spec.hostname = fields.getIfThere<std::string>("hostname").value_or("");
    spec.domainname = fields.getIfThere<std::string>("domainname").value_or("");
    if (const auto* sysctls = fields.find("sysctls"))
        spec.sysctls = textsFromJson(*sysctls, "sysctls");
    spec.monotonicOffset = fields.getIfThere<std::int64_t>("monotonic-offset");
    spec.boottimeOffset = fields.getIfThere<std::int64_t>("boottime-offset");
    if (const auto* links = fields.find("links"))
        spec.links = linksFromJson(*links);
    if (const auto* etc = fields.find("etc"))
        spec.etc = textsFromJson(*etc, "etc");
    fields.finish();
}

} // namespace nsd
