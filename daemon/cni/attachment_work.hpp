// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace nsd::cni {

// The whole of one run of nsd-cni: takes the request, waits until nobody else works on this attachment, runs
// the chain, and answers. A predecessor of a killed daemon may still be at it; the lock on the record, which
// goes with the process, keeps them apart. Throws Error where nobody can be answered.
void work(int client);

} // namespace nsd::cni
