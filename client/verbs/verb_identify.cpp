// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/values.hpp"
#include "client/enter/opened_namespaces.hpp"
#include "client/verbs/verb.hpp"
#include "common/error.hpp"

#include <array>
#include <unistd.h>

namespace nsd::client {
namespace {

constexpr std::array options{
    Option{"pid", 'p', "PID", "the namespaces that this process is in"},
};

Record recordOf(const std::string& name, const std::string& type) {
    return {{{"name", "Name", name}, {"type", "Type", type}}};
}

Record identifyFile(Client& client, const std::string& file) {
    const auto fd = openFile(file);
    const auto [name, type] = client.identify(fd.get());
    return recordOf(name, type);
}

std::vector<Record> identifyProcess(Client& client, pid_t pid) {
    const auto pidfd = openProcess(pid);
    std::vector<Record> records;
    for (const auto& [type, name] : client.identifyProcess(pidfd.get()))
        records.push_back(recordOf(name, type));
    return records;
}

int run(VerbContext& context, const Arguments& arguments) {
    const auto pid = arguments.value("pid");
    const auto& files = arguments.words();
    if (pid && !files.empty())
        throw UsageError("either --pid or a file");

    const auto process = pid ? static_cast<pid_t>(parseNumber(*pid, "process id")) : ::getpid();
    std::vector<Record> records;
    if (!files.empty())
        records.push_back(identifyFile(context.client(), files.front()));
    else
        records = identifyProcess(context.client(), process);
    if (context.wantsJson())
        context.showTable(records);
    else if (records.empty()) // as a file of such a namespace
        throw Error(Errc::NoSuchNamespace,
            "process " + std::to_string(process) + " is in no namespace that has a name");
    for (const auto& record : records)
        context.print(textOf(record.fields[0]) + " " + textOf(record.fields[1]));
    return exitSuccess;
}

} // namespace

const Verb identifyVerb{"identify", nullptr, "say which namespaces a process is in, or a file is",
    {"[FILE]", 0, 1}, options,
    "Prints NAME TYPE, one per line. Without --pid and FILE: where nsctl itself is.",
    "nsctl identify /proc/self/ns/net", exitFailure, run};

} // namespace nsd::client
