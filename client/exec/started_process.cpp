// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/exec/started_process.hpp"

#include "common/error.hpp"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <string>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace nsd::client {
namespace {

using Clock = std::chrono::steady_clock;

constexpr unsigned onlyProcess = 0;
constexpr unsigned wholeGroup = 1U << 2U; // PIDFD_SIGNAL_PROCESS_GROUP, Linux 6.9
constexpr std::chrono::milliseconds lookAgain{100};

// The number behind a pidfd, as this process sees it; 0 where it has ended.
pid_t numberOf(int pidfd) {
    std::ifstream info("/proc/self/fdinfo/" + std::to_string(pidfd));
    for (std::string key; info >> key;) {
        pid_t pid = 0;
        if (key == "Pid:" && info >> pid)
            return pid > 0 ? pid : 0;
    }
    return 0;
}

} // namespace

StartedProcess::StartedProcess(Client& client, StartedCommand command, std::chrono::milliseconds patience)
    : client_(client), command_(std::move(command)), patience_(patience) {}

bool StartedProcess::trySend(int number, unsigned flags) const noexcept {
    return ::syscall(SYS_pidfd_send_signal, pidfd(), number, nullptr, flags) == 0 || errno == ESRCH;
}

void StartedProcess::signal(int number) noexcept {
    if (!trySend(number, onlyProcess))
        sendThroughDaemon(number);
}

void StartedProcess::signalGroup(int number) noexcept {
    if (trySend(number, wholeGroup))
        return;
    // An older kernel. The command leads its session, so its number is its group's, and nobody else's as
    // long as it is there.
    const bool unknown = errno == EINVAL;
    const auto pid = unknown ? numberOf(pidfd()) : 0;
    if (pid == 0 || ::kill(-pid, number) != 0)
        signal(number);
}

void StartedProcess::sendThroughDaemon(int number) noexcept {
    try {
        client_.signalCommand(command_.path, number);
    } catch (const std::exception&) {
        // It has ended, or nsd is away: whoever sent the signal sees that nothing happens.
    }
}

int StartedProcess::waitForStatus() {
    for (auto deadline = Clock::now() + patience_;;) {
        try {
            if (const auto end = client_.waitForCommand(command_.path))
                return end->code == CLD_EXITED ? end->status : 128 + end->status;
            deadline = Clock::now() + patience_;
        } catch (const Unanswered& error) {
            if (Clock::now() >= deadline)
                throw Error(Errc::TimedOut,
                    "the command has ended, but how is lost: " + error.text() + " and did not come back");
            std::this_thread::sleep_for(lookAgain);
        }
    }
}

} // namespace nsd::client
