// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/join/lease_check.hpp"

#include <poll.h>
#include <sys/stat.h>

namespace nsd::client {

// Without a reader a FIFO shows an error; nsd removes its name only when it is revoked.
LeaseCheck checkLease(int lease) noexcept {
    pollfd shown{lease, 0, 0};
    if (::poll(&shown, 1, 0) < 0 || (shown.revents & POLLERR) == 0)
        return LeaseCheck::Held;
    struct stat status {};
    return ::fstat(lease, &status) == 0 && status.st_nlink == 0 ? LeaseCheck::Revoked : LeaseCheck::Away;
}

} // namespace nsd::client
