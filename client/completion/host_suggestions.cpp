// SPDX-License-Identifier: LGPL-2.1-or-later
//
// Suggestions that this host has, not nsd: users, processes, units, the networks of ip netns.
#include "client/completion/suggestions.hpp"

#include "client/import/candidates.hpp"
#include "client/unit/unit_files.hpp"
#include "common/error.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <grp.h>
#include <pwd.h>
#include <system_error>
#include <utility>

namespace nsd::client {
namespace {

namespace fs = std::filesystem;

// NSS gives those that it can list.
std::vector<std::pair<std::string, std::string>> listUsers() {
    std::vector<std::pair<std::string, std::string>> users;
    ::setpwent();
    while (const auto* entry = ::getpwent())
        users.emplace_back(entry->pw_name, "uid " + std::to_string(entry->pw_uid));
    ::endpwent();
    return users;
}

std::vector<std::pair<std::string, std::string>> listGroups() {
    std::vector<std::pair<std::string, std::string>> groups;
    ::setgrent();
    while (const auto* entry = ::getgrent())
        groups.emplace_back(entry->gr_name, "gid " + std::to_string(entry->gr_gid));
    ::endgrent();
    return groups;
}

std::vector<std::string> namesIn(const fs::path& directory) {
    std::vector<std::string> names;
    std::error_code problem;
    for (fs::directory_iterator entry(directory, problem), end; !problem && entry != end;
         entry.increment(problem))
        names.push_back(entry->path().filename());
    return names;
}

bool isNumber(const std::string& text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

} // namespace

void Suggestions::users() {
    for (const auto& [name, description] : listUsers())
        add(name, description);
}

void Suggestions::grantees() {
    if (at_.typed.starts_with("user:")) {
        for (const auto& [name, description] : listUsers())
            add("user:" + name, description);
    } else if (at_.typed.starts_with("group:")) {
        for (const auto& [name, description] : listGroups())
            add("group:" + name, description);
    } else {
        addAll({{"user:", "a user"}, {"group:", "a group"}});
    }
}

void Suggestions::links() {
    for (const auto& name : namesIn("/sys/class/net"))
        add(name, "");
}

void Suggestions::processes() {
    for (const auto& name : namesIn("/proc")) {
        if (!isNumber(name))
            continue;
        std::string command;
        std::getline(std::ifstream("/proc/" + name + "/comm"), command);
        add(name, command);
    }
}

void Suggestions::units() {
    try {
        for (const auto& unit : unitFilesOfSystemd())
            for (const auto* type : {".service", ".socket", ".mount", ".swap"})
                if (unit.ends_with(type))
                    add(unit, "");
    } catch (const Error&) {
        return; // no systemd, no units
    }
}

void Suggestions::namedNetworks() {
    try {
        for (const auto& network : findCandidates(knownSources()))
            add(network.name, network.maker);
    } catch (const Error&) {
        return;
    }
}

} // namespace nsd::client
