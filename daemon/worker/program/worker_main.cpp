// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"
#include "daemon/worker/base_mount.hpp"
#include "daemon/worker/server.hpp"
#include "daemon/worker/supervisor.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <iostream>
#include <string>
#include <sys/prctl.h>
#include <unistd.h>

namespace {

constexpr int socketFd = 3;
constexpr int baseFd = 4;
constexpr int supervisorsSocketFd = 0;

void enterBase(const std::string& argument) {
    const std::string base = "--base=";
    if (argument == "--join")
        nsd::worker::joinBaseMountNamespace(baseFd);
    else if (argument.rfind(base + '/', 0) == 0)
        nsd::worker::makeBaseMountNamespace(argument.substr(base.size()));
    else
        throw nsd::Error(nsd::Errc::InvalidArgument,
            "usage: nsd-worker --base=RUNTIME_DIRECTORY | --join | --supervise (nsd runs this; its socket is "
            "fd 3, of --supervise fd 0)");
}

void closeFrom(unsigned first) {
    if (::close_range(first, ~0U, 0) != 0)
        throw nsd::kernelError("close", "what the worker was left open", errno);
}

void supervise() {
    closeFrom(STDERR_FILENO + 1);
    nsd::worker::Supervisor(supervisorsSocketFd).run();
}

void work(const std::string& argument) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::fcntl(socketFd, F_SETFD, FD_CLOEXEC);
    enterBase(argument);
    // What came along by mistake would be held by every maker, too.
    closeFrom(baseFd);
    if (::chdir("/") != 0)
        throw nsd::kernelError("change the directory to", "/", errno);
    nsd::worker::Server(socketFd).run();
}

} // namespace

int main(int argc, char** argv) {
    try {
        // Before the first namespace: a member with CAP_SYS_PTRACE must not get hold of a maker.
        ::prctl(PR_SET_DUMPABLE, 0);
        const std::string argument = argc == 2 ? argv[1] : "";
        if (argument == "--supervise")
            supervise();
        else
            work(argument);
        return EXIT_SUCCESS;
    } catch (const nsd::Error& error) {
        std::cerr << "nsd-worker: " << error.text() << '\n';
    } catch (const std::exception& error) {
        std::cerr << "nsd-worker: " << error.what() << '\n';
    }
    return EXIT_FAILURE;
}
