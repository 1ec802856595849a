// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/join/credential_change.hpp"

#include "common/error.hpp"

#include <cerrno>
#include <csignal>
#include <sys/prctl.h>
#include <unistd.h>

namespace nsd::client {

void makeUndumpable() {
    if (::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
        throw kernelError("prctl", "PR_SET_DUMPABLE", errno);
}

CredentialChange::CredentialChange() noexcept : parent_(::getppid()) {
    ::prctl(PR_GET_PDEATHSIG, &deathSignal_);
}

void CredentialChange::finish() const {
    makeUndumpable();
    if (deathSignal_ == 0)
        return;
    if (::prctl(PR_SET_PDEATHSIG, deathSignal_) != 0)
        throw kernelError("prctl", "PR_SET_PDEATHSIG", errno);
    if (::getppid() != parent_)
        ::raise(deathSignal_);
}

} // namespace nsd::client
