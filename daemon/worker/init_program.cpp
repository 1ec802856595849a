// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/init_program.hpp"

#include "common/error.hpp"
#include "common/pipe.hpp"
#include "daemon/worker/init/init_process.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <linux/close_range.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::worker {
namespace {

std::string pathBesideThisProgram(const std::string& name) {
    std::string path(4096, '\0');
    const auto length = ::readlink("/proc/self/exe", path.data(), path.size());
    if (length < 0)
        throw kernelError("read", "/proc/self/exe", errno);
    path.resize(static_cast<std::size_t>(length));
    return path.substr(0, path.rfind('/') + 1) + name;
}

// Between fork and exec; says the errno value of what failed on `ready`.
[[noreturn]] void become(int program, int leash, int ready) {
    constexpr int programFd = init::readyFd + 1;
    const auto moveAway = [](int fd) { return ::fcntl(fd, F_DUPFD_CLOEXEC, programFd + 1); };
    // First out of the way of the numbers that they are going to have.
    const int movedReady = moveAway(ready);
    leash = moveAway(leash);
    program = moveAway(program);
    std::string name = "nsd-init";
    std::array<char*, 2> arguments{name.data(), nullptr};
    std::array<char*, 1> environment{nullptr};
    if (::dup2(leash, init::leashFd) >= 0 && ::dup2(movedReady, init::readyFd) >= 0 &&
        ::dup3(program, programFd, O_CLOEXEC) >= 0 && ::close_range(programFd, ~0U, CLOSE_RANGE_CLOEXEC) == 0)
        ::execveat(programFd, "", arguments.data(), environment.data(), AT_EMPTY_PATH);
    const int failure = errno;
    static_cast<void>(::write(movedReady, &failure, sizeof failure));
    ::_exit(EXIT_FAILURE);
}

// The init says one byte when it is ready; before its exec an errno value is said in its place.
void waitUntilReady(pid_t init, int ready) {
    int answer = 0;
    ssize_t got = -1;
    do
        got = ::read(ready, &answer, sizeof answer);
    while (got < 0 && errno == EINTR);
    if (got == 1)
        return;
    if (got == sizeof answer)
        throw kernelError("start", "nsd-init", answer);
    int status = 0;
    ::waitpid(init, &status, 0);
    throw Error(
        Errc::KernelError, "nsd-init ended as soon as it was started: wait status " + std::to_string(status));
}

} // namespace

InitProgram::InitProgram() {
    const auto path = pathBesideThisProgram("nsd-init");
    program_.reset(::open(path.c_str(), O_PATH | O_CLOEXEC));
    if (!program_)
        throw kernelError("open", path, errno);
}

pid_t InitProgram::start(int leash) const {
    auto [ready, readyWriter] = makePipe("for nsd-init");
    const pid_t init = ::fork();
    if (init < 0)
        throw kernelError("fork", "process 1 of the pid namespace", errno);
    if (init == 0)
        become(program_.get(), leash, readyWriter.get());
    readyWriter.reset();
    waitUntilReady(init, ready.get());
    return init;
}

} // namespace nsd::worker
