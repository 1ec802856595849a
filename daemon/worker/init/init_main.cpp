// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/init/init_process.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <unistd.h>

int main(int argc, char** argv) {
    if (argc == 2 && std::strcmp(argv[1], "--hold") == 0)
        nsd::init::hold();
    if (argc == 2 && std::strcmp(argv[1], "--hold-unit") == 0) {
        if (const char* failed = nsd::init::moveIntoLeaf(); failed != nullptr)
            std::fprintf(stderr, "nsd-init: stays in the unit's own control group: %s: %s\n", failed,
                std::strerror(errno));
        nsd::init::hold();
    }
    // Reaping everybody's children and ignoring signals is for nobody but process 1.
    if (argc != 1 || ::getpid() != 1) {
        std::fputs("nsd-init: nsd runs this as process 1 of its pid namespaces, or with --hold; "
                   "nsd-keep.service with --hold-unit\n",
            stderr);
        return 2;
    }
    return nsd::init::InitProcess().run();
}
