// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "daemon/daemon.hpp"
#include "daemon/options.hpp"

#include <cstdio>

int main(int argc, char** argv) {
    nsd::Options options;
    try {
        options = nsd::parseOptions(argc, argv);
    } catch (const nsd::Error& error) {
        std::fprintf(stderr, "nsd: %s\n", error.what());
        return nsd::exitUsage;
    }
    switch (options.action) {
    case nsd::Options::Action::ShowHelp:
        std::fputs(nsd::helpText().c_str(), stdout);
        return 0;
    case nsd::Options::Action::ShowVersion:
        std::puts(nsd::versionLine());
        return 0;
    case nsd::Options::Action::CheckConfig:
        return nsd::checkConfig();
    case nsd::Options::Action::Run:
        break;
    }
    return nsd::runDaemon(options.bus);
}
