// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"
#include "common/namespace_spec.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nsd::client {

// Who the caller is inside of a fresh user namespace.
enum class CallerInside {
    Root,    // 0
    Same,    // his own number
    AsGiven, // what the maps of the spec say
    Ranges,  // 0, and behind it the ids that /etc/subuid and /etc/subgid give him
};

// How mounts and unmounts travel between the fresh mount namespace and where it was copied from.
enum class Propagation { Private, Slave, Shared, Unchanged };

// Where a name for what was made is wanted.
struct WantedName {
    std::string name;
    bool keep = false; // also after the command's end
    std::function<std::unique_ptr<Client>()> connect;
};

// Run a command in fresh namespaces: execns() of 2006.
struct RunRequest {
    std::string what;   // "run", the beginning of what is told about a failure
    NamespaceSpec spec; // types, maps, names, time offsets; the rest is not looked at
    CallerInside caller = CallerInside::Root;
    Propagation propagation = Propagation::Private;
    bool freshProc = true; // with pid
    bool closeAll = false; // no descriptor at all reaches the command, not even 0, 1 and 2
    std::vector<std::string> command;
    std::optional<WantedName> wanted{};
};

// Makes the namespaces and becomes the command; does not come back where nothing has to stay behind: with
// pid, time, ranges of ids or a name, this process stands in for the command as in superviseChild, and
// answers its exit status. Answers 126 or 127, told on standard error, where the command cannot be
// executed. Throws Error for everything before that; this process may be in some of the namespaces by then,
// and must end.
[[nodiscard]] int runInFresh(RunRequest request);

} // namespace nsd::client
