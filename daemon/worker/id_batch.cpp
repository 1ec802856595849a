// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/id_batch.hpp"

#include <sched.h>

namespace nsd::worker {

void useUpIdBatch() noexcept {
    constexpr int batch = 4096;
    for (int id = 0; id < batch; ++id) {
        if (::unshare(CLONE_NEWUTS) != 0)
            return;
    }
}

} // namespace nsd::worker
