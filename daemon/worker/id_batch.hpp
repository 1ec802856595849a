// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace nsd::worker {

// The next namespace that the caller makes is younger than all that there are. Linux 6.18 hands out the ids
// of namespaces in batches of 4096 per CPU (include/linux/cookie.h), and compares them to know which of two
// is the younger one. This takes as many as a batch has, on uts namespaces that go at once (about 70 ms); the
// caller's own uts namespace is another one after it. Does nothing where that is not allowed: it is only
// another chance.
void useUpIdBatch() noexcept;

} // namespace nsd::worker
