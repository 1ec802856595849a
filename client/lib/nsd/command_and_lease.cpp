// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/join/lease_check.hpp"
#include "client/lib/nsd/inside.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <poll.h>

namespace nsd::v0 {
namespace {

// How long poll(2) can wait at once.
int patience(std::chrono::steady_clock::time_point deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, INT_MAX));
}

bool awaitEnd(int pidfd, std::chrono::milliseconds limit) {
    // Longer than anybody waits, and no overflow.
    const auto deadline = std::chrono::steady_clock::now() +
                          std::min<std::chrono::milliseconds>(limit, std::chrono::hours(24 * 365));
    for (;;) {
        pollfd ended{pidfd, POLLIN, 0};
        const int left = patience(deadline);
        const int count = ::poll(&ended, 1, left);
        if (count < 0 && errno != EINTR)
            throw kernelError("wait for", "a command", errno);
        if (count > 0)
            return true;
        if (left == 0)
            return false;
    }
}

} // namespace

const std::string& Command::path() const noexcept {
    return data_->started.path;
}

int Command::pidfd() const noexcept {
    return data_->started.pidfd.get();
}

void Command::kill(int signal) {
    translated([&] { data_->client->signalCommand(path(), signal); });
}

std::optional<CommandEnd> Command::wait(std::chrono::milliseconds limit) {
    return translated([&]() -> std::optional<CommandEnd> {
        if (!awaitEnd(pidfd(), limit))
            return std::nullopt;
        for (;;)
            if (const auto end = data_->client->waitForCommand(path()))
                return CommandEnd{end->code, end->status};
    });
}

CommandEnd Command::wait() {
    for (;;)
        if (const auto end = wait(std::chrono::hours(1)))
            return *end;
}

Lease::State Lease::state() const noexcept {
    switch (client::checkLease(fd_.get())) {
    case client::LeaseCheck::Held:
        return State::Held;
    case client::LeaseCheck::Away:
        return State::Away;
    case client::LeaseCheck::Revoked:
        break;
    }
    return State::Revoked;
}

} // namespace nsd::v0
