// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/forwarding.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <csignal>
#include <memory>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

using std::chrono::microseconds;

constexpr microseconds firstPause{500'000};
constexpr microseconds longestPause{30'000'000};

std::string howItEnded(int status) {
    if (WIFSIGNALED(status))
        return "it was killed by signal " + std::to_string(WTERMSIG(status));
    return "it ended with status " + std::to_string(WEXITSTATUS(status));
}

// Only one that a file has made, and not its namesake.
bool isDeclared(const NamespaceRecord& record) {
    return record.origin == Origin::Declared || record.origin == Origin::Unit;
}

} // namespace

Forwarding::Forwarding(Parts parts) : parts_(std::move(parts)) {
    parts_.namespaces.attach(this);
}

Forwarding::~Forwarding() {
    parts_.namespaces.detach(this);
    while (!runs_.empty())
        stop(runs_.begin()->first);
}

Forwarding::PortsByName Forwarding::portsIn(const Definitions& definitions) {
    PortsByName ports;
    for (const auto& definition : definitions.all)
        if (!definition.forwards.empty())
            ports.emplace(definition.name.str(), definition.forwards);
    return ports;
}

void Forwarding::declare(PortsByName declared) {
    declared_ = std::move(declared);
    std::vector<Uuid> changed;
    for (const auto& [uuid, run] : runs_)
        if (const auto found = declared_.find(run.name);
            found == declared_.end() || found->second != run.ports)
            changed.push_back(uuid);
    std::for_each(changed.begin(), changed.end(), [this](const Uuid& uuid) { stop(uuid); });
    for (const auto& [name, ports] : declared_)
        if (const Name known(name); parts_.namespaces.has(known))
            consider(parts_.namespaces.find(known));
}

void Forwarding::consider(const NamespaceRecord& record) {
    const auto found = declared_.find(record.name.str());
    if (found == declared_.end() || record.state == State::Pending || !isDeclared(record) ||
        runs_.count(record.uuid) != 0)
        return;
    runs_[record.uuid] = {found->first, found->second, {}, nullptr, firstPause, {}};
    start(record.uuid);
}

void Forwarding::start(const Uuid& uuid) {
    auto& run = runs_.at(uuid);
    Program program;
    program.path = parts_.program;
    if (!parts_.bus.empty())
        program.arguments.push_back("--bus=" + parts_.bus);
    program.arguments.insert(program.arguments.end(), {"--quiet", "forward", run.name});
    run.since = parts_.loop.now();
    program.arguments.insert(program.arguments.end(), run.ports.begin(), run.ports.end());
    try {
        run.process = spawn(program);
        run.next = parts_.loop.onExit(run.process.pid, [this, uuid](int status) { onExit(uuid, status); });
    } catch (const Error& error) {
        later(uuid, error.text());
    }
}

void Forwarding::onExit(const Uuid& uuid, int status) {
    if (auto& run = runs_.at(uuid); parts_.loop.now() - run.since > longestPause)
        run.pause = firstPause; // it worked, and this is another trouble
    later(uuid, howItEnded(status));
}

// What it said itself is in our log already.
void Forwarding::later(const Uuid& uuid, const std::string& why) {
    auto& run = runs_.at(uuid);
    run.process = {};
    parts_.log.warning("the ports into " + quoted(run.name) + " are not forwarded: " + why + "; again in " +
                       std::to_string(run.pause.count() / 1'000'000.0).substr(0, 4) + " s");
    // The source of this very handler goes in a later turn.
    parts_.loop.post([gone = std::make_shared<Loop::SourcePtr>(std::move(run.next))] {});
    run.next = parts_.loop.after(run.pause, [this, uuid] {
        auto due = std::make_shared<Loop::SourcePtr>(std::move(runs_.at(uuid).next));
        parts_.loop.post([due] {});
        start(uuid);
    });
    run.pause = std::min(run.pause * 2, longestPause);
}

void Forwarding::stop(const Uuid& uuid) {
    const auto run = runs_.extract(uuid);
    if (run && run.mapped().process.pidfd)
        ::syscall(SYS_pidfd_send_signal, run.mapped().process.pidfd.get(), SIGKILL, nullptr, 0);
}

void Forwarding::added(const NamespaceRecord& record, const MaybeRequester& /*by*/) {
    consider(record);
}

void Forwarding::removed(const NamespaceRecord& record, const MaybeRequester& /*by*/) {
    stop(record.uuid);
}

void Forwarding::changed(const NamespaceRecord& record, std::string_view what) {
    if (what == "ready")
        consider(record);
}

} // namespace nsd
