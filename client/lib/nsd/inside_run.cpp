// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/lib/nsd/inside_run.hpp"

#include "client/read_all.hpp"
#include "common/error.hpp"
#include "common/pipe.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace nsd::client {
namespace {

struct Failure {
    int code;
    int errnoValue;
};

int awaitChild(pid_t child) {
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            throw kernelError("wait for", "the process inside", errno);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

pid_t forkOrThrow() {
    const pid_t child = ::fork();
    if (child < 0 && errno == ENOMEM) // pid_namespaces(7)
        throw Error(
            Errc::Degraded, "process 1 of its pid namespace is dead, so nothing can be started in it", errno);
    if (child < 0)
        throw kernelError("fork", "", errno);
    return child;
}

// In the process that stays inside. What is told until here is told by the pipe, whose last end goes.
int live(Joining& joining, UniqueFd& toParent, const std::function<int()>& program) {
    joining.settle();
    toParent.reset();
    int status = exitWithException;
    try {
        status = program();
    } catch (...) { // NOLINT(bugprone-empty-catch): the caller's own, and told by the status
    }
    std::fflush(nullptr);
    return status;
}

int goInside(Joining& joining, UniqueFd& toParent, const std::function<int()>& program) {
    joining.join();
    if (!joining.forks())
        return live(joining, toParent, program);
    const pid_t child = forkOrThrow();
    if (child == 0)
        return live(joining, toParent, program);
    toParent.reset();
    return awaitChild(child);
}

// Never comes back: not by exit(3), for the handlers are the parent's.
[[noreturn]] void become(Joining& joining, UniqueFd toParent, const std::function<int()>& program) noexcept {
    int status = exitWithException;
    try {
        status = goInside(joining, toParent, program);
    } catch (const Error& error) {
        const Failure failure{static_cast<int>(error.code()), error.errnoValue()};
        std::string message(sizeof failure, '\0');
        std::memcpy(message.data(), &failure, sizeof failure);
        message += error.text();
        static_cast<void>(!::write(toParent.get(), message.data(), message.size()));
    } catch (...) { // NOLINT(bugprone-empty-catch): no memory; told by the status
    }
    ::_exit(status);
}

} // namespace

int runInside(Joining joining, const std::function<int()>& program) {
    auto pipe = makePipe("to the process inside");
    std::fflush(nullptr); // what is in there now is not the child's to write
    const pid_t child = forkOrThrow();
    if (child == 0)
        become(joining, std::move(pipe.write), program);
    pipe.write.reset();
    const auto message = readAll(pipe.read.get(), "what the process inside says");
    const int status = awaitChild(child);
    Failure failure{};
    if (message.size() < sizeof failure)
        return status;
    std::memcpy(&failure, message.data(), sizeof failure);
    throw Error(static_cast<Errc>(failure.code), message.substr(sizeof failure), failure.errnoValue);
}

} // namespace nsd::client
