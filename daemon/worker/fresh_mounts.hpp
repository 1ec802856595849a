// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace nsd::worker {

// What a new mount namespace needs so that it shows its own neighbours and not the host's. The
// caller lives in it.

// Nothing that is mounted inside reaches the host; what the host mounts later still arrives. Copies of
// the base's mounts are slaves already: this is for those that came to be shared in the base since.
void makeMountsSlave();
// procfs shows the pid namespace of who mounts it, which unshare(2) gives to children only: a child
// of the caller mounts it on /proc.
void mountFreshProc();
// The same by a caller that is in the pid namespace already.
void mountProcHere();
// sysfs shows the network namespace of who mounts it, on /sys.
void mountFreshSys();

} // namespace nsd::worker
