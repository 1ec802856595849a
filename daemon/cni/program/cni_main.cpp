// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "daemon/cni/attachment_work.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <sys/prctl.h>
#include <unistd.h>

namespace {

void prepare() {
    ::prctl(PR_SET_DUMPABLE, 0);
    // What a plugin leaves in the background is ours to end.
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::signal(SIGPIPE, SIG_IGN); // NOLINT(cert-err33-c): a daemon that is gone is told by the socket
    if (::close_range(STDERR_FILENO + 1, ~0U, 0) != 0)
        throw nsd::kernelError("close", "what nsd-cni was left open", errno);
    if (::chdir("/") != 0)
        throw nsd::kernelError("change the directory to", "/", errno);
}

} // namespace

int main(int argc, char** /*argv*/) {
    try {
        if (argc != 1)
            throw nsd::Error(nsd::Errc::InvalidArgument,
                "usage: nsd-cni (nsd runs this, to have CNI plugins make a network; its socket is fd 0)");
        prepare();
        nsd::cni::work(STDIN_FILENO);
        return EXIT_SUCCESS;
    } catch (const nsd::Error& error) {
        std::cerr << "nsd-cni: " << error.text() << '\n';
    } catch (const std::exception& error) {
        std::cerr << "nsd-cni: " << error.what() << '\n';
    }
    return EXIT_FAILURE;
}
