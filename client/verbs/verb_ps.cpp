// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/cli/users.hpp"
#include "client/verbs/verb.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <sys/stat.h>
#include <vector>

namespace nsd::client {
namespace {

struct Process {
    std::string comm;
    std::set<std::string> types; // of the namespace, in which it lives
};

// Only what anybody may see of it (proc(5)); empty where it has ended meanwhile.
std::string commandLine(std::uint32_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/cmdline", std::ios::binary);
    std::string line{std::istreambuf_iterator<char>(file), {}};
    while (!line.empty() && line.back() == '\0')
        line.pop_back();
    std::replace(line.begin(), line.end(), '\0', ' ');
    return line;
}

std::string userOf(std::uint32_t pid) {
    struct stat status {};
    const auto path = "/proc/" + std::to_string(pid);
    return ::stat(path.c_str(), &status) == 0 ? userName(status.st_uid) : "";
}

Record recordOf(std::uint32_t pid, const Process& process) {
    const auto line = commandLine(pid);
    return {{
        {"pid", "PID", std::uint64_t{pid}},
        {"user", "User", userOf(pid)},
        {"types", "Types", std::vector<std::string>(process.types.begin(), process.types.end())},
        {"comm", "", process.comm},
        {"command", "Command", line.empty() ? "[" + process.comm + "]" : line},
    }};
}

int run(VerbContext& context, const Arguments& arguments) {
    const auto& name = arguments.words().front();
    std::map<std::uint32_t, Process> processes;
    for (const auto& holder : context.client().holders(name)) {
        if (holder.kind == "more")
            context.complain("ps " + name, holder.detail);
        if (holder.kind != "process" && holder.kind != "thread" && holder.kind != "init")
            continue;
        auto& process = processes[holder.pid];
        process.comm = holder.comm;
        if (!holder.type.empty())
            process.types.insert(holder.type);
    }
    std::vector<Record> records;
    records.reserve(processes.size());
    for (const auto& [pid, process] : processes)
        records.push_back(recordOf(pid, process));
    context.showTable(records);
    return exitSuccess;
}

} // namespace

const Verb psVerb{"ps", nullptr, "list the processes that live in a namespace", {"NAME", 1, 1}, {},
    "By their numbers outside. Others' processes are shown to root alone.", "nsctl ps web", exitFailure, run};

} // namespace nsd::client
