// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/user_lookup.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <cerrno>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <grp.h>
#include <limits>
#include <optional>
#include <pwd.h>
#include <string_view>

namespace nsd::worker {
namespace {

constexpr std::size_t firstEntry = 1024;
constexpr std::size_t maxEntry = 1 << 20;

// getpwuid_r(3) lists these as ways to say that there is no such user.
bool meansAbsent(int result) {
    return result == 0 || result == ENOENT || result == ESRCH || result == EBADF || result == EPERM;
}

// What one of the get*_r functions finds by a key; `buffer` keeps its texts. Null: there is none.
template <class Entry, class Key>
const Entry* find(int (*get)(Key, Entry*, char*, std::size_t, Entry**), Key key, const std::string& shown,
    Entry& entry, std::vector<char>& buffer) {
    Entry* found = nullptr;
    int result = 0;
    while ((result = get(key, &entry, buffer.data(), buffer.size(), &found)) == ERANGE &&
           buffer.size() < maxEntry)
        buffer.resize(2 * buffer.size());
    if (found == nullptr && !meansAbsent(result))
        throw kernelError("look up in the user database", shown, result);
    return found;
}

UserEntry readDatabase(uid_t uid) {
    std::vector<char> buffer(firstEntry);
    passwd entry{};
    if (find<passwd, uid_t>(::getpwuid_r, uid, "uid " + std::to_string(uid), entry, buffer) == nullptr)
        return {};
    return {.known = true,
        .name = entry.pw_name,
        .gid = entry.pw_gid,
        .home = entry.pw_dir,
        .shell = entry.pw_shell};
}

std::optional<std::uint32_t> toNumber(std::string_view text) {
    std::uint32_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [rest, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || rest != end)
        return std::nullopt;
    return number;
}

// "owner:first:count" of this owner. A range that goes beyond the last id, 4294967294, is none.
std::optional<SubIds> parseLine(std::string_view line, uid_t uid, const std::string& name) {
    const auto second = line.find(':');
    const auto third = second == std::string_view::npos ? second : line.find(':', second + 1);
    if (third == std::string_view::npos)
        return std::nullopt;
    const auto owner = line.substr(0, second);
    if (owner != std::to_string(uid) && (name.empty() || owner != name))
        return std::nullopt;
    const auto first = toNumber(line.substr(second + 1, third - second - 1));
    const auto count = toNumber(line.substr(third + 1));
    if (!first || !count || *count == 0 || *count > std::numeric_limits<std::uint32_t>::max() - *first)
        return std::nullopt;
    return SubIds{*first, *count};
}

} // namespace

std::vector<SubIds> readSubIds(const std::string& path, uid_t uid, const std::string& name) {
    std::ifstream file(path);
    if (!file) {
        if (errno == ENOENT)
            return {};
        throw kernelError("open", path, errno);
    }
    std::vector<SubIds> ranges;
    for (std::string line; std::getline(file, line);)
        if (const auto range = parseLine(line, uid, name))
            ranges.push_back(*range);
    if (file.bad())
        throw kernelError("read", path, errno);
    return ranges;
}

AccountIds lookUpAccounts(const AccountNames& names) {
    AccountIds ids;
    std::vector<char> buffer(firstEntry);
    for (const auto& name : names.users) {
        passwd entry{};
        const auto shown = "user " + nsd::quoted(name);
        if (find<passwd, const char*>(::getpwnam_r, name.c_str(), shown, entry, buffer) != nullptr)
            ids.users.emplace(name, entry.pw_uid);
    }
    for (const auto& name : names.groups) {
        group entry{};
        const auto shown = "group " + nsd::quoted(name);
        if (find<group, const char*>(::getgrnam_r, name.c_str(), shown, entry, buffer) != nullptr)
            ids.groups.emplace(name, entry.gr_gid);
    }
    return ids;
}

UserEntry lookUpUser(uid_t uid, const std::string& directory) {
    auto entry = readDatabase(uid);
    entry.subUids = readSubIds(directory + "/subuid", uid, entry.name);
    entry.subGids = readSubIds(directory + "/subgid", uid, entry.name);
    return entry;
}

} // namespace nsd::worker
