// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/run/user_maps.hpp"

#include "client/cli/users.hpp"
#include "client/cli/values.hpp"
#include "client/run/run_program.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"
#include "common/unique_fd.hpp"

#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <sstream>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

namespace nsd::client {
namespace {

// What is different between users and groups.
struct Ids {
    std::string file;    // of /proc/PID
    std::string program; // that has the privilege to write it
    std::string database;
    std::uint32_t own;
};

std::string textOf(const std::vector<IdRange>& map) {
    std::ostringstream text;
    for (const auto& range : map)
        text << range.inside << ' ' << range.outside << ' ' << range.count << '\n';
    return text.str();
}

void writeFile(const std::string& path, const std::string& text) {
    const UniqueFd file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!file)
        throw kernelError("open", path, errno);
    if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw kernelError("write", quoted(text) + " to " + path, errno);
}

// "0: user 100000 65536", as getsubids(1) says it.
std::vector<IdRange> subordinateIds(const Ids& ids) {
    std::vector<std::string> line{"getsubids"};
    if (ids.file == "gid_map")
        line.emplace_back("-g");
    line.push_back(userName(::geteuid()));
    std::istringstream text(readProgram(line));
    std::vector<IdRange> ranges;
    std::string number;
    std::string user;
    std::uint32_t first = 0;
    std::uint32_t count = 0;
    std::uint32_t inside = 1; // behind the caller, who is 0
    while (text >> number >> user >> first >> count) {
        ranges.push_back({inside, first, count});
        inside += count;
    }
    if (ranges.empty())
        throw Error(Errc::InvalidArgument, ids.database + " gives no ids to " + userName(::geteuid()));
    return ranges;
}

std::vector<IdRange> wantedMap(const RunRequest& request, const Ids& ids) {
    if (request.caller == CallerInside::Ranges) {
        std::vector<IdRange> map{{0, ids.own, 1}};
        for (const auto& range : subordinateIds(ids))
            map.push_back(range);
        return map;
    }
    const auto& given = ids.file == "uid_map" ? request.spec.uidMap : request.spec.gidMap;
    return given.empty() ? std::vector<IdRange>{{ids.own, ids.own, 1}} : given;
}

void writeMap(const RunRequest& request, pid_t process, const Ids& ids) {
    const auto map = wantedMap(request, ids);
    if (::geteuid() == 0) {
        writeFile("/proc/" + std::to_string(process) + "/" + ids.file, textOf(map));
        return;
    }
    std::vector<std::string> line{ids.program, std::to_string(process)};
    for (const auto& range : map)
        for (const auto part : {range.inside, range.outside, range.count})
            line.push_back(std::to_string(part));
    static_cast<void>(readProgram(line));
}

} // namespace

bool mapsNeedHelper(const RunRequest& request) noexcept {
    return request.spec.types.contains(NamespaceType::User) &&
           (request.caller == CallerInside::AsGiven || request.caller == CallerInside::Ranges);
}

void writeOwnMaps(const RunRequest& request, uid_t uid, gid_t gid) {
    const bool same = request.caller == CallerInside::Same;
    // Else the kernel lets nobody without privilege map a group: he could drop one that denies him something.
    writeFile("/proc/self/setgroups", "deny");
    writeFile("/proc/self/uid_map", textOf({{same ? uid : 0, uid, 1}}));
    writeFile("/proc/self/gid_map", textOf({{same ? gid : 0, gid, 1}}));
}

void writeUserMaps(const RunRequest& request, pid_t process) {
    writeMap(request, process, {"uid_map", "newuidmap", "/etc/subuid", ::geteuid()});
    writeMap(request, process, {"gid_map", "newgidmap", "/etc/subgid", ::getegid()});
}

} // namespace nsd::client
