// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/processes.hpp"

#include "common/quote.hpp"
#include "daemon/core/listeners.hpp"
#include "daemon/core/process_entry.hpp"
#include "daemon/core/process_files.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <map>
#include <string>
#include <utility>

namespace nsd {
namespace {

constexpr std::chrono::microseconds shownAfterEnd{60'000'000};
constexpr std::chrono::microseconds longestWait{20'000'000};
// How soon a supervisor is looked at again that a predecessor started and that has not said anything.
constexpr std::chrono::microseconds lookAgain{1'000'000};

std::string whatIs(const ProcessStart& start, const NamespaceRecord& record) {
    const auto& program = start.command.argv.front();
    return quoted(program.substr(program.rfind('/') + 1)) + " in " + record.name.str();
}

// As whom it runs outside of all namespaces, as far as that is known before it runs.
uid_t uidBefore(const CommandSpec& command) {
    return command.idsAreInside ? 0 : command.ids.uid;
}

} // namespace

class Processes::Impl {
  public:
    Impl(Loop& loop, Log& log, ProcessLauncher& launcher, Namespaces& namespaces, UniqueFd directory)
        : loop_(loop), log_(log), launcher_(launcher), namespaces_(namespaces), files_(std::move(directory)) {
        // Numbers go on from where a predecessor left them, and nothing has to remember where that was.
        next_ = static_cast<std::uint64_t>(loop.now().count()) / 1000;
    }

    // A launch under way: all that is needed when it is answered.
    struct Pending {
        std::uint64_t number;
        Uuid namespaceUuid;
        NamespaceTypes types;
        Requester by;
        std::optional<ClientTie> tie;
        Quotas::Share share;
        Completion<StartedProcess> done;
    };
    void start(ProcessStart start, Completion<StartedProcess> done);
    void launched(const std::shared_ptr<Pending>& pending, Outcome<LaunchedProcess> outcome);
    void abandon(const LaunchedProcess& launched) noexcept;
    void sendKill(const UniqueFd& pidfd) noexcept;
    [[nodiscard]] StartedProcess accept(Pending& pending, LaunchedProcess& launched);

    void recover(std::uint64_t number);
    void adopt(std::uint64_t number, const ProcessState& state);

    ProcessEntry& insert(ProcessRecord record, Quotas::Share share, UniqueFd&& supervisor);
    void supervisorEnded(std::uint64_t number);
    void end(ProcessEntry& entry, const ProcessEnd& end);
    void forget(std::uint64_t number);
    void removeFile(std::uint64_t number) noexcept;
    [[nodiscard]] ProcessEntry& get(std::uint64_t number);
    template <class F>
    void tell(const F& event) noexcept;

    Loop& loop_;
    Log& log_;
    ProcessLauncher& launcher_;
    Namespaces& namespaces_;
    ProcessFiles files_;
    Listeners<ProcessEvents> events_;
    std::uint64_t next_ = 0;
    std::map<std::uint64_t, std::unique_ptr<ProcessEntry>> entries_;
    std::map<std::uint64_t, Loop::SourcePtr> unsettled_; // found at start, not yet said to run
    std::shared_ptr<Impl> self_{this, [](Impl*) {}};     // for what may be answered after this
};

void Processes::Impl::start(ProcessStart start, Completion<StartedProcess> done) {
    const auto* const record = namespaces_.findByUuid(start.namespaceUuid);
    if (record == nullptr)
        throw Error(Errc::NoSuchNamespace, "the namespace is gone");
    auto& quotas = namespaces_.quotas();
    const auto uid = uidBefore(start.command);
    auto share =
        start.by.uid == 0 ? quotas.count(uid, Quota::Processes) : quotas.take(start.by.uid, Quota::Processes);
    Launch launch{.uid = uid, .what = whatIs(start, *record)};
    launch.namespaces = namespaces_.open(start.namespaceUuid, start.types);
    if (start.types.contains(NamespaceType::Cgroup))
        launch.controlGroup = record->controlGroup;
    launch.number = ++next_;
    launch.command = std::move(start.command);
    launch.stdio = std::move(start.stdio);
    launch.view = std::move(start.view);
    launch.stateFile = files_.create(launch.number, {start.namespaceUuid, start.tie});
    const auto pending = std::make_shared<Pending>(Pending{launch.number, start.namespaceUuid, start.types,
        start.by, std::move(start.tie), std::move(share), std::move(done)});
    launcher_.launch(
        std::move(launch), [weak = std::weak_ptr<Impl>(self_), pending](Outcome<LaunchedProcess> outcome) {
            if (const auto self = weak.lock())
                self->launched(pending, std::move(outcome));
        });
}

void Processes::Impl::launched(const std::shared_ptr<Pending>& pending, Outcome<LaunchedProcess> outcome) {
    if (!outcome.ok()) {
        removeFile(pending->number);
        pending->done(outcome.error());
        return;
    }
    auto& launched = outcome.value();
    Outcome<StartedProcess> answer = StartedProcess{};
    try {
        // A destruction that came meanwhile did not see this member.
        static_cast<void>(namespaces_.open(pending->namespaceUuid, pending->types));
        answer = accept(*pending, launched);
    } catch (const Error& error) {
        abandon(launched);
        removeFile(pending->number);
        answer = error;
    }
    pending->done(std::move(answer));
}

void Processes::Impl::abandon(const LaunchedProcess& launched) noexcept {
    sendKill(launched.supervisorPidfd);
    // The supervisor's end is the command's, but a program may have reset its PR_SET_PDEATHSIG.
    sendKill(launched.commandPidfd);
}

void Processes::Impl::sendKill(const UniqueFd& pidfd) noexcept {
    try {
        launcher_.signal(pidfd.get(), SIGKILL);
    } catch (const Error& error) {
        log_.debug("not killed: " + error.text()); // it has ended already
    }
}

// Takes the supervisor's and the command's pidfd once nothing more can fail.
StartedProcess Processes::Impl::accept(Pending& pending, LaunchedProcess& launched) {
    auto pidfd = launched.commandPidfd.duplicate();
    pending.share = namespaces_.quotas().count(launched.uid, Quota::Processes);
    auto& entry = insert({.number = pending.number,
                             .namespaceUuid = pending.namespaceUuid,
                             .uid = launched.uid,
                             .pid = launched.command.pid,
                             .tie = std::move(pending.tie)},
        std::move(pending.share), std::move(launched.supervisorPidfd));
    entry.command = std::move(launched.commandPidfd);
    tell([&](ProcessEvents& events) { events.started(entry.record, pending.by); });
    return StartedProcess{pending.number, std::move(pidfd)};
}

// Watches the supervisor, if there is one. What cannot be watched is not in the table: an Error.
ProcessEntry& Processes::Impl::insert(ProcessRecord record, Quotas::Share share, UniqueFd&& supervisor) {
    const auto number = record.number;
    auto entry = std::make_unique<ProcessEntry>(loop_, std::move(record), std::move(share));
    if (supervisor)
        entry->watch(std::move(supervisor), [this, number] { supervisorEnded(number); });
    return *entries_.emplace(number, std::move(entry)).first->second;
}

void Processes::Impl::supervisorEnded(std::uint64_t number) {
    auto& entry = get(number);
    try {
        if (const auto state = files_.read(number); state.end) {
            end(entry, *state.end);
            return;
        }
    } catch (const Error& error) {
        log_.warning("how process " + std::to_string(number) + " ended is lost: " + error.text());
    }
    // The supervisor was killed, and the kernel kills the command with it. Its status is that then.
    const auto killed = [this, number] { end(get(number), {CLD_KILLED, SIGKILL, loop_.now()}); };
    try {
        if (entry.command) {
            entry.watch(entry.command.duplicate(), killed);
            return;
        }
    } catch (const Error& error) {
        log_.warning(
            "process " + std::to_string(number) + ", which lost its supervisor, is killed: " + error.text());
        sendKill(entry.command);
    }
    killed();
}

void Processes::Impl::end(ProcessEntry& entry, const ProcessEnd& end) {
    const auto number = entry.record.number;
    entry.unwatch();
    entry.command.reset();
    entry.end(end);
    tell([&](ProcessEvents& events) { events.ended(entry.record); });
    const auto age = loop_.now() - end.at;
    entry.after(std::clamp(shownAfterEnd - age, std::chrono::microseconds(0), shownAfterEnd),
        [this, number] { forget(number); });
}

void Processes::Impl::forget(std::uint64_t number) {
    removeFile(number);
    tell([&](ProcessEvents& events) { events.forgotten(number); });
    // Its timer's handler is running.
    auto entry = std::shared_ptr<ProcessEntry>(std::move(entries_.extract(number).mapped()));
    loop_.post([entry] {});
}

void Processes::Impl::removeFile(std::uint64_t number) noexcept {
    try {
        files_.remove(number);
    } catch (const Error& error) {
        log_.warning("the file of process " + std::to_string(number) + " stays: " + error.text());
    }
}

template <class F>
void Processes::Impl::tell(const F& event) noexcept {
    events_.tell([&](ProcessEvents& listener) {
        try {
            event(listener);
        } catch (const std::exception& error) {
            log_.error(std::string("cannot show a process: ") + error.what());
        }
    });
}

void Processes::Impl::recover(std::uint64_t number) {
    try {
        const auto state = files_.read(number);
        next_ = std::max(next_, number);
        if (state.running)
            adopt(number, state);
        else if (files_.isHeld(number))
            // Its supervisor has lost its daemon, which it will notice.
            unsettled_[number] = loop_.after(lookAgain, [this, number] {
                const auto done = std::make_shared<Loop::SourcePtr>(std::move(unsettled_[number]));
                loop_.post([done] {});
                unsettled_.erase(number);
                recover(number);
            });
        else
            removeFile(number); // it was never started
    } catch (const Error& error) {
        log_.warning("process " + std::to_string(number) + " of a predecessor is unknown: " + error.text());
    }
}

void Processes::Impl::adopt(std::uint64_t number, const ProcessState& state) {
    const auto& begin = state.begin;
    const auto uid = state.running->uid;
    auto command = launcher_.find(state.running->command);
    auto supervisor = launcher_.find(state.running->supervisor);
    const bool isSupervised(supervisor);
    const bool running = !state.end && (command || isSupervised);
    auto& entry = insert({.number = number,
                             .namespaceUuid = begin.namespaceUuid,
                             .uid = uid,
                             .pid = state.running->command.pid,
                             .tie = begin.tie},
        running ? namespaces_.quotas().count(uid, Quota::Processes) : Quotas::Share(), std::move(supervisor));
    entry.command = std::move(command);
    tell([&](ProcessEvents& events) { events.started(entry.record, std::nullopt); });
    if (state.end)
        end(entry, *state.end);
    else if (!isSupervised)
        supervisorEnded(number);
}

ProcessEntry& Processes::Impl::get(std::uint64_t number) {
    const auto found = entries_.find(number);
    if (found == entries_.end())
        throw Error(Errc::InvalidArgument, "there is no process " + std::to_string(number));
    return *found->second;
}

Processes::Processes(
    Loop& loop, Log& log, ProcessLauncher& launcher, Namespaces& namespaces, UniqueFd directory)
    : impl_(std::make_unique<Impl>(loop, log, launcher, namespaces, std::move(directory))) {}

Processes::~Processes() = default;

void Processes::attach(ProcessEvents* events) {
    impl_->events_.add(events);
}

void Processes::detach(const ProcessEvents* events) noexcept {
    impl_->events_.remove(events);
}

void Processes::recover() {
    try {
        const auto entries = impl_->files_.entries();
        for (const auto& other : entries.others)
            impl_->log_.warning("among the processes' files is " + quoted(other) + ", which is none");
        for (const auto number : entries.numbers)
            impl_->recover(number);
    } catch (const Error& error) {
        impl_->log_.warning("processes of a predecessor are unknown: " + error.text());
    }
}

void Processes::start(ProcessStart start, Completion<StartedProcess> done) {
    impl_->start(std::move(start), std::move(done));
}

const ProcessRecord* Processes::find(std::uint64_t number) const noexcept {
    const auto found = impl_->entries_.find(number);
    return found == impl_->entries_.end() ? nullptr : &found->second->record;
}

std::vector<const ProcessRecord*> Processes::list() const {
    std::vector<const ProcessRecord*> all;
    for (const auto& [number, entry] : impl_->entries_)
        all.push_back(&entry->record);
    return all;
}

std::size_t Processes::runningCount() const noexcept {
    return static_cast<std::size_t>(std::count_if(impl_->entries_.begin(), impl_->entries_.end(),
        [](const auto& entry) { return !entry.second->record.end; }));
}

void Processes::kill(std::uint64_t number, int signal) {
    auto& entry = impl_->get(number);
    if (signal < 1 || signal > SIGRTMAX)
        throw Error(Errc::InvalidArgument, "there is no signal " + std::to_string(signal));
    if (!entry.command)
        throw kernelError(
            "send a signal to", "process " + std::to_string(number) + ", which has ended", ESRCH);
    impl_->launcher_.signal(entry.command.get(), signal);
}

void Processes::wait(std::uint64_t number, Completion<ProcessEnd> done) {
    auto& entry = impl_->get(number);
    if (entry.record.end)
        impl_->loop_.post([done = std::move(done), end = *entry.record.end] { done(end); });
    else
        entry.addWaiter(longestWait, std::move(done));
}

} // namespace nsd
