// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/enter/held_lease.hpp"

#include "client/enter/execute.hpp"
#include "client/enter/supervise.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace nsd::client {

HeldLease::HeldLease(std::string what, UniqueFd lease) : what_(std::move(what)), lease_(std::move(lease)) {}

// Without a reader a FIFO shows an error; nsd removes its name only when it is revoked.
HeldLease::State HeldLease::state() const noexcept {
    pollfd shown{lease_.get(), 0, 0};
    if (::poll(&shown, 1, 0) < 0 || (shown.revents & POLLERR) == 0)
        return State::Held;
    struct stat status {};
    return ::fstat(lease_.get(), &status) == 0 && status.st_nlink == 0 ? State::Revoked : State::Away;
}

void HeldLease::begin() noexcept {
    // The kernel sends SIGIO when the last reader goes.
    ::fcntl(lease_.get(), F_SETOWN, ::getpid());
    ::fcntl(lease_.get(), F_SETFL, O_WRONLY | O_NONBLOCK | O_ASYNC);
}

bool HeldLease::look() noexcept {
    const auto now = state();
    if (now == State::Revoked && !std::exchange(told_, true))
        complain(what_, "the lease was revoked; the command goes on");
    return now == State::Away;
}

int runHolding(const std::string& what, UniqueFd lease, std::vector<std::string> command) {
    HeldLease held(what, std::move(lease));
    return superviseChild(
        what, [&] { return execute(what, std::move(command)); }, false, &held);
}

} // namespace nsd::client
