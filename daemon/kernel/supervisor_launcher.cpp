// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/supervisor_launcher.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/kernel/control_group.hpp"
#include "daemon/kernel/process_facts.hpp"
#include "daemon/protocol/channel.hpp"
#include "daemon/protocol/supervisor_messages.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <memory>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace nsd {
namespace {

UniqueFd openProcessList(const std::string& controlGroup) {
    const auto root = openControlGroupRoot();
    if (!root)
        throw Error(Errc::KernelError, "cgroup2 is not mounted here, so its control group cannot be joined");
    return openGroupFile(root->get(), controlGroup.substr(1) + "/cgroup.procs", O_WRONLY);
}

} // namespace

// One launch, from the start of its supervisor to the answer.
class SupervisorLauncher::Launching final : public Operation {
  public:
    Launching(SupervisorLauncher& launcher, Launch launch, Completion<LaunchedProcess> done)
        : launcher_(launcher), launch_(std::move(launch)), done_(std::move(done)) {}

    void begin() {
        try {
            if (!launch_.controlGroup.empty())
                processList_ = openProcessList(launch_.controlGroup);
            auto [ours, theirs] = protocol::socketPair();
            socket_ = std::move(ours);
            if (::fcntl(socket_.get(), F_SETFL, O_NONBLOCK) != 0)
                throw kernelError("fcntl", "of a supervisor's socket", errno);
            auto& loop = launcher_.loop_;
            deadline_ = loop.after(launcher_.options_.deadline, [this] { onDeadline(); });
            heard_ = loop.watch(socket_.get(), EPOLLIN, [this](std::uint32_t) { onSocket(); });
            launcher_.starter_.start({std::move(theirs), launch_.number, launch_.uid, launch_.what},
                then(*this, &Launching::onAskedFor));
        } catch (const Error& error) {
            finish(error);
        }
    }

  private:
    // Only a failure is news: whether it is there it says itself.
    void onAskedFor(Outcome<Done> outcome) {
        if (!outcome.ok())
            finish(outcome.error());
    }

    void onDeadline() {
        finish(Error(Errc::TimedOut, std::string("the command did not start in time: its supervisor ") +
                                         (supervisor_ ? "hangs" : "was not started")));
    }

    void onSocket() {
        try {
            auto packet = protocol::receivePacket(socket_.get());
            if (!packet)
                throw Error(Errc::KernelError, "the command's supervisor ended before the command ran");
            onReply(protocol::decodeSupervisorReply(packet->text), std::move(packet->fds));
        } catch (const Error& error) {
            if (error.errnoValue() != EAGAIN)
                finish(error);
        }
    }

    void onReply(const protocol::SupervisorReply& reply, std::vector<UniqueFd> fds) {
        if (const auto* error = std::get_if<Error>(&reply)) {
            finish(*error);
            return;
        }
        if (fds.size() != 1)
            throw Error(Errc::KernelError, "the command's supervisor gave no pidfd");
        if (const auto* started = std::get_if<protocol::CommandStarted>(&reply)) {
            // From here on the supervisor's life is no longer this launch's to end.
            finish(LaunchedProcess{
                started->command, started->uid, std::move(fds.front()), std::move(supervisor_)});
            return;
        }
        supervisor_ = std::move(fds.front());
        sendRequest();
    }

    void sendRequest() {
        protocol::SuperviseRequest request{launch_.command, {}, {}, processList_.valid(),
            launch_.view.valid(), launcher_.options_.runtimeDirectory};
        std::vector<int> fds;
        for (const auto& [type, fd] : launch_.namespaces) {
            request.types.insert(type);
            fds.push_back(fd.get());
        }
        for (std::size_t i = 0; i < launch_.stdio.size(); ++i) {
            request.stdio.at(i) = launch_.stdio.at(i).valid();
            if (request.stdio.at(i))
                fds.push_back(launch_.stdio.at(i).get());
        }
        fds.push_back(launch_.stateFile.get());
        if (processList_)
            fds.push_back(processList_.get());
        if (launch_.view)
            fds.push_back(launch_.view.get());
        protocol::sendPacket(socket_.get(), protocol::encode(request), fds);
        // The supervisor has them: however this goes on, the last reference to what is mounted inside is not
        // dropped here, where nothing may wait for a file system.
        launch_ = Launch();
    }

    // The sources go in a turn of their own, since this may be the handler of either.
    void finish(Outcome<LaunchedProcess> outcome) {
        if (!done_)
            return;
        if (supervisor_)
            ::syscall(SYS_pidfd_send_signal, supervisor_.get(), SIGKILL, nullptr, 0);
        const auto done = std::exchange(done_, nullptr);
        const auto answer = std::make_shared<Outcome<LaunchedProcess>>(std::move(outcome));
        launcher_.loop_.post([self = shared_from_this(), done, answer] { done(std::move(*answer)); });
        launcher_.launches_.finish(*this);
    }

    SupervisorLauncher& launcher_;
    Launch launch_;
    Completion<LaunchedProcess> done_;
    UniqueFd processList_;
    UniqueFd socket_;
    UniqueFd supervisor_; // its pidfd, from when it is ready to when the command runs
    Loop::SourcePtr heard_;
    Loop::SourcePtr deadline_;
};

void SupervisorLauncher::launch(Launch launch, Completion<LaunchedProcess> done) {
    launches_.start<Launching>(*this, std::move(launch), std::move(done)).begin();
}

UniqueFd SupervisorLauncher::find(const KnownProcess& process) {
    UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0)));
    // Looked at behind the pidfd: the number was not another's while it was open.
    if (!pidfd || !isAlive(pidfd.get()) || startTimeOf(process.pid) != process.startTime ||
        !isAlive(pidfd.get()))
        return UniqueFd();
    return pidfd;
}

void SupervisorLauncher::signal(int pidfd, int number) {
    if (::syscall(SYS_pidfd_send_signal, pidfd, number, nullptr, 0) != 0)
        throw kernelError("send signal " + std::to_string(number) + " to", "the process", errno);
}

} // namespace nsd
