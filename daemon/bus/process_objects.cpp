// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/process_objects.hpp"

#include <csignal>
#include <string>
#include <utility>

namespace nsd::bus {

ProcessObjects::ProcessObjects(sdbus::IConnection& connection, Context& context)
    : connection_(connection), context_(context) {}

void ProcessObjects::publishAll() {
    for (const auto* process : context_.processes.list())
        started(*process, std::nullopt);
}

void ProcessObjects::started(const ProcessRecord& process, const MaybeRequester& /*by*/) {
    const bool isTied = process.tie && !process.end;
    try {
        Entry entry{.object = makeObject(process.number)};
        if (isTied)
            entry.tie = tie(process);
        entries_.emplace(process.number, std::move(entry));
    } catch (...) {
        // Nothing else would end it with its caller's connection.
        if (isTied)
            kill(process.number);
        throw;
    }
}

std::shared_ptr<ProcessObject> ProcessObjects::makeObject(std::uint64_t number) {
    // The last share may be given back inside a handler of the object itself.
    const auto free = [&loop = context_.loop](ProcessObject* object) {
        loop.post([last = std::shared_ptr<ProcessObject>(object)] {});
    };
    return std::shared_ptr<ProcessObject>(new ProcessObject(connection_, context_, number), free);
}

std::unique_ptr<ClientTracker::Watch> ProcessObjects::tie(const ProcessRecord& process) {
    const auto end = [this, number = process.number] { kill(number); };
    if (process.tie->busId == context_.busId)
        return context_.clients.watch(process.tie->busName, end);
    // A predecessor's on a bus that is no more, and the connection neither.
    end();
    return nullptr;
}

void ProcessObjects::kill(std::uint64_t number) noexcept {
    try {
        context_.processes.kill(number, SIGKILL);
    } catch (const Error& error) {
        context_.log.debug("process " + std::to_string(number) +
                           " does not end with its caller's connection: " + error.text());
    }
}

void ProcessObjects::ended(const ProcessRecord& process) {
    const auto found = entries_.find(process.number);
    if (found == entries_.end())
        return;
    found->second.tie.reset();
    found->second.object->announceEnd();
}

void ProcessObjects::forgotten(std::uint64_t number) {
    entries_.erase(number);
}

} // namespace nsd::bus
