// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/owner_maps.hpp"

#include "common/error.hpp"
#include "common/id_ranges.hpp"
#include "common/quote.hpp"
#include "daemon/core/caller_ids.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace nsd {
namespace {

constexpr uid_t root = 0;

// Which ids outside are somebody's: of one kind, users or groups.
struct OwnIds {
    std::string_view option;
    std::string_view kind;
    std::string_view file;
    std::uint32_t own;
    const std::vector<SubIds>& ranges;
};

// Ranges may touch or overlap: each step goes on where one of them ends.
bool isCovered(const IdRange& line, const std::vector<SubIds>& ranges) {
    const std::uint64_t end = std::uint64_t{line.outside} + line.count;
    for (std::uint64_t reached = line.outside; reached < end;) {
        const auto next = std::find_if(ranges.begin(), ranges.end(), [reached](const SubIds& range) {
            return range.first <= reached && reached < std::uint64_t{range.first} + range.count;
        });
        if (next == ranges.end())
            return false;
        reached = std::uint64_t{next->first} + next->count;
    }
    return true;
}

std::string describeRanges(const std::vector<SubIds>& ranges) {
    std::string text;
    for (const auto& range : ranges)
        text += (text.empty() ? "" : ", ") + std::to_string(range.first) + ':' + std::to_string(range.count);
    return text.empty() ? "none" : text;
}

void checkMap(const std::vector<IdRange>& map, const OwnIds& ids, const UserEntry& owner,
    const CreateRequest& request) {
    for (const auto& line : map) {
        if ((line.count == 1 && line.outside == ids.own) || isCovered(line, ids.ranges))
            continue;
        const auto who =
            (owner.known ? quoted(owner.name) + ", " : "") + "uid " + std::to_string(request.caller);
        throw Error(Errc::AccessDenied,
            std::string(ids.option) + ": the line \"" + std::to_string(line.inside) + ' ' +
                std::to_string(line.outside) + ' ' + std::to_string(line.count) + "\" maps ids that " +
                "the caller (" + who + ") does not have: they are the " + std::string(ids.kind) + ' ' +
                std::to_string(ids.own) + " and what " + std::string(ids.file) + " gives, which is " +
                describeRanges(ids.ranges));
    }
}

} // namespace

bool needsOwnersEntry(const CreateRequest& request) noexcept {
    return request.spec.types.contains(NamespaceType::User) && request.owner != root;
}

void completeForOwner(CreateRequest& request, const UserEntry& owner) {
    auto& spec = request.spec;
    if (request.caller == root) {
        // Who has no entry (a container's user, a dynamic one) has the group of his own number.
        spec.ownerGroup = owner.known ? owner.gid : request.owner;
    } else {
        Caller caller;
        caller.uid = request.caller;
        caller.groups = request.callerGroups;
        spec.ownerGroup = idsOf(caller, owner).gid;
        checkMap(
            spec.uidMap, {"uid-map", "uid", "/etc/subuid", request.caller, owner.subUids}, owner, request);
        checkMap(
            spec.gidMap, {"gid-map", "gid", "/etc/subgid", *spec.ownerGroup, owner.subGids}, owner, request);
    }
    // As newgidmap(1) has it.
    spec.ownerMaySetGroups = std::any_of(spec.gidMap.begin(), spec.gidMap.end(),
        [&](const IdRange& line) { return isCovered(line, owner.subGids); });
}

NamespaceSpec withExplicitMaps(NamespaceSpec spec) {
    if (!spec.types.contains(NamespaceType::User))
        return spec;
    const uid_t owner = spec.owner.value_or(root);
    if (spec.uidMap.empty())
        spec.uidMap = defaultIdMap(spec, owner);
    if (spec.gidMap.empty())
        spec.gidMap = defaultIdMap(spec, spec.ownerGroup.value_or(owner));
    spec.mapRoot = false;
    return spec;
}

} // namespace nsd
