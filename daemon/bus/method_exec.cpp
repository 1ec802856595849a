// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/method_exec.hpp"

#include "daemon/bus/option_reader.hpp"
#include "daemon/core/exec_rules.hpp"
#include "daemon/core/processes.hpp"
#include "daemon/core/went_away.hpp"
#include "dbus/object_path.hpp"

#include <array>
#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <utility>

namespace nsd::bus {
namespace {

using ExecReply = Reply<sdbus::ObjectPath, sdbus::UnixFd>;

constexpr std::array stdioOptions{"stdin", "stdout", "stderr"};

UniqueFd takeStdio(OptionReader& reader, const char* key) {
    const auto received = reader.take<sdbus::UnixFd>(key);
    if (!received)
        return UniqueFd();
    auto fd = dbus::takeFd(*received);
    const int flags = ::fcntl(fd.get(), F_GETFL);
    if (flags < 0 || (flags & O_PATH) != 0)
        throw Error(Errc::WrongFd, std::string(key) + " can be neither read nor written (O_PATH)");
    return fd;
}

ExecRequest readRequest(Words argv, OptionMap options) {
    OptionReader reader("Exec", std::move(options));
    ExecRequest request;
    request.argv = std::move(argv);
    request.environment = reader.take<Words>("env");
    request.directory = reader.take<std::string>("cwd");
    for (std::size_t i = 0; i < stdioOptions.size(); ++i)
        request.stdio.at(i) = takeStdio(reader, stdioOptions.at(i));
    request.terminal = reader.take<bool>("tty").value_or(false);
    if (const auto types = reader.take<Words>("types"); types && !types->empty())
        request.types = namespaceTypesFromWords(*types);
    request.tied = reader.take<bool>("tied").value_or(false);
    request.uid = reader.take<std::uint32_t>("uid");
    reader.finish();
    validate(request);
    return request;
}

// All that is known by now of one call; whoever goes on with it owns it.
struct Execution {
    Context& context;
    Uuid target;
    ExecRequest request;
    ExecReply reply;
    Caller caller{};
    NamespaceTypes types{};
    CommandUser user{};
};

const NamespaceRecord& recordOf(const Execution& execution) {
    const auto* const record = execution.context.namespaces.findByUuid(execution.target);
    if (record == nullptr)
        throw wentAway();
    return *record;
}

void start(Execution& execution, const UserEntry& entry, UniqueFd view) {
    auto& context = execution.context;
    auto& request = execution.request;
    ProcessStart process{
        .namespaceUuid = execution.target, .types = execution.types, .by = requesterOf(execution.caller)};
    process.command = commandOf(request, execution.caller, execution.user, entry);
    process.stdio = std::move(request.stdio);
    process.view = std::move(view);
    if (request.tied)
        process.tie = ClientTie{execution.caller.busName, context.busId};
    const auto& reply = execution.reply;
    context.processes.start(std::move(process), reply.then<StartedProcess>([reply](StartedProcess started) {
        reply.send(
            sdbus::ObjectPath(dbus::processPath(started.number)), dbus::giveFd(std::move(started.pidfd)));
    }));
}

void findView(const std::shared_ptr<Execution>& execution, const UserEntry& entry) {
    if (!needsView(execution->types)) {
        start(*execution, entry, UniqueFd());
        return;
    }
    execution->context.views.open(execution->target, execution->types,
        execution->reply.then<UniqueFd>(
            [execution, entry](UniqueFd view) { start(*execution, entry, std::move(view)); }));
}

} // namespace

void exec(Context& context, const Call& call, const Uuid& target, Words argv, OptionMap options,
    const ExecReply& reply) {
    const auto execution = std::make_shared<Execution>(
        Execution{context, target, readRequest(std::move(argv), std::move(options)), reply});
    context.access.check(call, target, reply.then<Caller>([execution, reply](const Caller& caller) {
        execution->caller = caller;
        execution->types = typesToJoin(execution->request, caller, recordOf(*execution));
        execution->user = runsAs(execution->request, caller, execution->types);
        if (execution->user.isInside) {
            findView(execution, {}); // the host's user database knows nobody inside
            return;
        }
        execution->context.kernel.lookUpUser(execution->user.uid,
            reply.then<UserEntry>([execution](const UserEntry& entry) { findView(execution, entry); }));
    }));
}

void listProcesses(
    Context& context, const Call& call, OptionMap options, const Reply<std::vector<ProcessRow>>& reply) {
    OptionReader("ListProcesses", std::move(options)).finish();
    context.access.check(call, std::nullopt, reply.then<Caller>([&context, reply](const Caller& caller) {
        std::vector<ProcessRow> rows;
        for (const auto* process : context.processes.list())
            if (isOwn(caller.uid, process->uid))
                rows.emplace_back(sdbus::ObjectPath(dbus::processPath(process->number)),
                    sdbus::ObjectPath(dbus::objectPath(process->namespaceUuid)),
                    static_cast<std::uint32_t>(process->pid),
                    std::string(process->end ? "exited" : "running"));
        reply.send(rows);
    }));
}

} // namespace nsd::bus
