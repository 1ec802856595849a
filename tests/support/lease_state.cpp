// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/lease_state.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>

namespace nsd::test {

bool hasError(const UniqueFd& lease) {
    pollfd state{lease.get(), 0, 0};
    EXPECT_GE(::poll(&state, 1, 0), 0);
    return (state.revents & POLLERR) != 0;
}

bool isRevoked(const UniqueFd& lease) {
    struct stat status {};
    EXPECT_EQ(::fstat(lease.get(), &status), 0);
    return hasError(lease) && status.st_nlink == 0;
}

} // namespace nsd::test
