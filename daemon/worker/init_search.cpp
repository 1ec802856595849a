// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/init_search.hpp"

#include "daemon/worker/process_info.hpp"

#include <string>
#include <sys/stat.h>

namespace nsd::worker {
namespace {

bool isIn(const ProcFs& proc, pid_t pid, const NamespaceIdentity& pidNamespace) {
    struct stat status {};
    const auto link = std::to_string(pid) + "/ns/pid";
    return ::fstatat(proc.get(), link.c_str(), &status, 0) == 0 && status.st_dev == pidNamespace.device &&
           status.st_ino == pidNamespace.inode;
}

// "NSpid: 4711 1": its pid in each pid namespace from ours down to its own.
bool isProcessOne(const ProcFs& proc, pid_t pid) {
    const auto pids = statusLine(proc, pid, "NSpid");
    return pids && pids->substr(pids->find_last_of(" \t") + 1) == "1";
}

} // namespace

pid_t searchInit(const ProcFs& proc, const NamespaceIdentity& pidNamespace) {
    for (const auto pid : listProcesses(proc))
        if (isIn(proc, pid, pidNamespace) && isProcessOne(proc, pid))
            return pid;
    return 0;
}

} // namespace nsd::worker
