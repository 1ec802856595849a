// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/users.hpp"

#include "client/cli/arguments.hpp"
#include "client/cli/values.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <grp.h>
#include <pwd.h>

namespace nsd::client {
namespace {

bool isNumber(std::string_view text) noexcept {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// nsctl has one thread, so the plain functions do.
const passwd& entryOf(std::string_view name) {
    const auto* entry = ::getpwnam(std::string(name).c_str());
    if (entry == nullptr)
        throw UsageError("there is no user " + quoted(name));
    return *entry;
}

std::vector<gid_t> groupsOf(const std::string& name, gid_t primary) {
    std::vector<gid_t> groups;
    int count = 32;
    do // a list that is too short is answered with the length it needs
        groups.resize(static_cast<std::size_t>(count));
    while (::getgrouplist(name.c_str(), primary, groups.data(), &count) < 0);
    groups.resize(static_cast<std::size_t>(count));
    return groups;
}

} // namespace

uid_t userId(std::string_view nameOrNumber) {
    return isNumber(nameOrNumber) ? parseNumber(nameOrNumber, "user id") : entryOf(nameOrNumber).pw_uid;
}

gid_t groupId(std::string_view nameOrNumber) {
    if (isNumber(nameOrNumber))
        return parseNumber(nameOrNumber, "group id");
    const auto* entry = ::getgrnam(std::string(nameOrNumber).c_str());
    if (entry == nullptr)
        throw UsageError("there is no group " + quoted(nameOrNumber));
    return entry->gr_gid;
}

User lookUpUser(std::string_view nameOrNumber) {
    const auto uid = userId(nameOrNumber);
    const auto* entry = ::getpwuid(uid);
    if (entry == nullptr)
        return {uid, uid, {uid}};
    const auto gid = entry->pw_gid;
    return {uid, gid, groupsOf(entry->pw_name, gid)};
}

std::string userName(uid_t uid) {
    const auto* entry = ::getpwuid(uid);
    return entry != nullptr ? entry->pw_name : std::to_string(uid);
}

std::string groupName(gid_t gid) {
    const auto* entry = ::getgrgid(gid);
    return entry != nullptr ? entry->gr_name : std::to_string(gid);
}

} // namespace nsd::client
