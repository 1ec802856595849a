// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/interruption.hpp"

#include <csignal>

namespace nsd::bench {

namespace {

volatile std::sig_atomic_t interrupted = 0;

void onSignal(int /*number*/) {
    interrupted = 1;
}

} // namespace

void catchInterruptions() {
    struct sigaction action {};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        ::sigaction(number, &action, nullptr);
}

void throwIfInterrupted() {
    if (interrupted != 0)
        throw Interrupted();
}

} // namespace nsd::bench
