// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/exec_rules.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/core/caller_ids.hpp"
#include "daemon/core/foreign.hpp"

#include <climits>
#include <cstddef>

namespace nsd {
namespace {

constexpr uid_t nobodysUid = -1;
// systemd's for services, which is root's and everybody's.
constexpr const char* usualPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

Error invalid(std::string text) {
    return {Errc::InvalidArgument, std::move(text)};
}

void checkSize(const ExecRequest& request) {
    static const std::vector<std::string> none;
    const auto& environment = request.environment ? *request.environment : none;
    const auto entries = request.argv.size() + environment.size();
    const auto bytes = bytesOf(request.argv) + bytesOf(environment);
    if (entries > maxCommandEntries)
        throw invalid("argv and env have " + std::to_string(entries) + " entries together; at most " +
                      std::to_string(maxCommandEntries) + " are allowed");
    if (bytes > maxCommandBytes)
        throw invalid("argv and env have " + std::to_string(bytes) + " bytes together; at most " +
                      std::to_string(maxCommandBytes) + " are allowed");
    for (const auto& variable : environment)
        if (const auto equals = variable.find('='); equals == std::string::npos || equals == 0)
            throw invalid("the env entry " + quoted(variable) + " is not NAME=VALUE");
}

bool ownsUserNamespace(const Caller& caller, const NamespaceRecord& record) {
    return record.userNamespaceOwner && *record.userNamespaceOwner == caller.uid;
}

std::vector<std::string> usualEnvironment(uid_t uid, const UserEntry& entry) {
    const auto orElse = [](const std::string& value, const char* otherwise) {
        return value.empty() ? otherwise : value;
    };
    return {usualPath, "HOME=" + orElse(entry.home, "/"),
        "USER=" + orElse(entry.name, std::to_string(uid).c_str()), "SHELL=" + orElse(entry.shell, "/bin/sh")};
}

UserIds chosenByRoot(uid_t uid, const UserEntry& entry) {
    const gid_t group = entry.known ? entry.gid : uid;
    return {uid, group, {group}};
}

} // namespace

void validate(const ExecRequest& request) {
    if (request.argv.empty() || request.argv.front().empty())
        throw invalid("argv names no program");
    checkSize(request);
    if (request.directory && (!request.directory->starts_with('/') || request.directory->size() >= PATH_MAX))
        throw invalid("cwd " + quoted(*request.directory) + " is not an absolute path of at most " +
                      std::to_string(PATH_MAX - 1) + " bytes");
    if (request.terminal && !request.stdio.front())
        throw invalid("tty needs stdin, which is to be the terminal");
    if (request.uid == nobodysUid)
        throw invalid("uid 4294967295 is nobody's");
}

NamespaceTypes typesToJoin(const ExecRequest& request, const Caller& caller, const NamespaceRecord& record) {
    const auto types = request.types.empty() ? record.types() : request.types;
    const bool mayForeign = caller.uid == 0 || ownsUserNamespace(caller, record);
    for (const auto type : types) {
        const std::string word(toWord(type));
        if (!record.types().contains(type))
            throw Error(Errc::TypeNotPresent,
                quoted(record.name.str()) + " has no type " + word + "; it has " + describe(record.types()));
        const bool rulesPrograms =
            type == NamespaceType::User || type == NamespaceType::Mnt || type == NamespaceType::Pid;
        if (!rulesPrograms || !isForeign(record, type))
            continue;
        if (!mayForeign)
            throw Error(Errc::AccessDenied, "only root and the owner of its user namespace may start "
                                            "programs in the " +
                                                word + " of " + quoted(record.name.str()) +
                                                " (name other types)");
        if (!types.contains(NamespaceType::User))
            throw invalid("the " + word + " of " + quoted(record.name.str()) +
                          " belongs to a user namespace and can only be joined together with it (add user "
                          "to the types)");
    }
    return types;
}

CommandUser runsAs(const ExecRequest& request, const Caller& caller, NamespaceTypes joined) {
    if (request.uid && caller.uid != 0)
        throw Error(Errc::AccessDenied,
            "only root may choose the uid of a command, and uid " + std::to_string(caller.uid) + " called");
    return {request.uid.value_or(caller.uid), caller.uid == 0 && joined.contains(NamespaceType::User)};
}

CommandSpec commandOf(
    const ExecRequest& request, const Caller& caller, const CommandUser& user, const UserEntry& entry) {
    CommandSpec command;
    command.argv = request.argv;
    command.environment = request.environment ? *request.environment : usualEnvironment(user.uid, entry);
    command.directory = request.directory.value_or("/");
    command.terminal = request.terminal;
    command.idsAreInside = user.isInside;
    command.keepsCapabilities = caller.uid == 0 && user.uid == 0;
    if (user.isInside)
        command.ids = {user.uid, user.uid, {}};
    else if (request.uid)
        command.ids = chosenByRoot(user.uid, entry);
    else
        command.ids = idsOf(caller, entry);
    return command;
}

} // namespace nsd
