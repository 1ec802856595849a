// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/id_maps.hpp"

#include "common/error.hpp"
#include "common/id_ranges.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <string>
#include <unistd.h>

namespace nsd::worker {
namespace {

std::uint32_t idInside(const std::vector<IdRange>& map) noexcept {
    const bool hasRoot =
        std::any_of(map.begin(), map.end(), [](const auto& range) { return range.inside == 0; });
    return hasRoot || map.empty() ? 0 : map.front().inside;
}

std::string toText(const std::vector<IdRange>& map) {
    std::string text;
    for (const auto& range : map)
        text += std::to_string(range.inside) + ' ' + std::to_string(range.outside) + ' ' +
                std::to_string(range.count) + '\n';
    return text;
}

void writeMap(const ProcFs& proc, const std::string& file, const std::string& what, const std::string& text) {
    // user_namespaces(7): less than a page, in one write; the kernel's own answer is a bare EINVAL.
    if (const long page = ::sysconf(_SC_PAGESIZE); text.size() >= static_cast<std::size_t>(page))
        throw Error(Errc::InvalidArgument,
            "the " + what + " map is too long: " + std::to_string(text.size()) +
                " bytes as text, and the kernel takes less than " + std::to_string(page),
            EINVAL);
    proc.write(file, text, "write the " + what + " map");
}

} // namespace

uid_t IdMaps::uidInside() const noexcept {
    return idInside(uids);
}
gid_t IdMaps::gidInside() const noexcept {
    return idInside(gids);
}

IdMaps idMapsOf(const NamespaceSpec& spec) {
    IdMaps maps;
    maps.owner = spec.owner.value_or(0);
    maps.ownerGroup = maps.owner == 0 ? 0 : spec.ownerGroup.value_or(maps.owner);
    maps.denySetgroups = maps.owner != 0 && !spec.ownerMaySetGroups;
    maps.uids = spec.uidMap.empty() ? defaultIdMap(spec, maps.owner) : spec.uidMap;
    maps.gids = spec.gidMap.empty() ? defaultIdMap(spec, maps.ownerGroup) : spec.gidMap;
    return maps;
}

void writeIdMaps(const ProcFs& proc, pid_t pid, const IdMaps& maps) {
    const auto directory = std::to_string(pid) + '/';
    // After the gid map, "deny" can no longer be written.
    if (maps.denySetgroups)
        proc.write(directory + "setgroups", "deny", "deny setgroups in the user namespace");
    writeMap(proc, directory + "uid_map", "uid", toText(maps.uids));
    writeMap(proc, directory + "gid_map", "gid", toText(maps.gids));
}

} // namespace nsd::worker
