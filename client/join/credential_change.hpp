// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

namespace nsd::client {

// Makes this process undumpable: nobody with privileges inside can trace it. Throws Error{KernelError}.
void makeUndumpable();

// Made before a change of this process's credentials: setns(2) on a user namespace, setresuid(2). The
// kernel takes that for another program: it forgets the parent-death signal that nsctl was started with
// (setpriv --pdeathsig) and sets the dumpable flag to fs.suid_dumpable.
class CredentialChange {
  public:
    CredentialChange() noexcept;
    // Straight after the change: undumpable, with the parent-death signal of before, which is raised
    // where the parent ended meanwhile. Throws Error{KernelError}.
    void finish() const;

  private:
    pid_t parent_;
    int deathSignal_ = 0;
};

} // namespace nsd::client
