// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/cpu_choice.hpp"

#include <sched.h>

namespace nsd::worker {

void moveToCpu(unsigned turn) noexcept {
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return;
    const auto count = static_cast<unsigned>(CPU_COUNT(&allowed));
    unsigned skip = count == 0 ? 0 : turn % count;
    for (unsigned cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
        if (!CPU_ISSET(cpu, &allowed) || skip-- != 0)
            continue;
        cpu_set_t chosen;
        CPU_ZERO(&chosen);
        CPU_SET(cpu, &chosen);
        static_cast<void>(::sched_setaffinity(0, sizeof chosen, &chosen));
        return;
    }
}

} // namespace nsd::worker
