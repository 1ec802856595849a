// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/enter/held_lease.hpp"

#include "client/enter/execute.hpp"
#include "client/enter/supervise.hpp"
#include "client/join/lease_check.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace nsd::client {

HeldLease::HeldLease(std::string what, UniqueFd lease) : what_(std::move(what)), lease_(std::move(lease)) {}

void HeldLease::begin() noexcept {
    // The kernel sends SIGIO when the last reader goes.
    ::fcntl(lease_.get(), F_SETOWN, ::getpid());
    ::fcntl(lease_.get(), F_SETFL, O_WRONLY | O_NONBLOCK | O_ASYNC);
}

bool HeldLease::look() noexcept {
    const auto now = checkLease(lease_.get());
    if (now == LeaseCheck::Revoked && !std::exchange(told_, true))
        complain(what_, "the lease was revoked; the command goes on");
    return now == LeaseCheck::Away;
}

int runHolding(const std::string& what, UniqueFd lease, std::vector<std::string> command) {
    HeldLease held(what, std::move(lease));
    return superviseChild(
        what, [&] { return execute(what, std::move(command)); }, false, &held);
}

} // namespace nsd::client
