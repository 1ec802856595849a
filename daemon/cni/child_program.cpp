// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/cni/child_program.hpp"

#include "common/error.hpp"
#include "common/pipe.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::cni {
namespace {

Pipe makePipeToRead() {
    auto pipe = makePipe("of a plugin");
    if (::fcntl(pipe.read.get(), F_SETFL, O_NONBLOCK) != 0)
        throw kernelError("fcntl", "pipe of a plugin", errno);
    return pipe;
}

// A file, so that nobody has to write while somebody else reads.
UniqueFd fileWith(const std::string& text) {
    UniqueFd file(::memfd_create("nsd-cni-input", MFD_CLOEXEC));
    if (!file)
        throw kernelError("memfd_create", "a plugin's configuration", errno);
    for (std::size_t written = 0; written < text.size();) {
        const auto count = ::write(file.get(), text.data() + written, text.size() - written);
        if (count < 0 && errno != EINTR)
            throw kernelError("write", "a plugin's configuration", errno);
        written += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
    if (::lseek(file.get(), 0, SEEK_SET) != 0)
        throw kernelError("lseek", "a plugin's configuration", errno);
    return file;
}

std::vector<char*> pointersTo(const std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (const auto& text : texts)
        pointers.push_back(const_cast<char*>(text.c_str())); // NOLINT: execve(2) only reads them
    pointers.push_back(nullptr);
    return pointers;
}

// In the child. Only returns where it failed. SIGPIPE is ignored by us, which would be inherited.
void become(const char* path, char* const* argv, char* const* environment, const std::array<int, 3>& stdio) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setsid();
    ::umask(S_IWGRP | S_IWOTH);
    ::signal(SIGPIPE, SIG_DFL);
    for (int fd = 0; fd < 3; ++fd)
        if (::dup2(stdio.at(static_cast<std::size_t>(fd)), fd) != fd)
            return;
    ::execve(path, argv, environment);
}

} // namespace

ChildProgram::ChildProgram(
    const std::string& path, const std::vector<std::string>& environment, const std::string& input) {
    const auto file = fileWith(input);
    auto output = makePipeToRead();
    auto errors = makePipeToRead();
    auto failed = makePipeToRead(); // closes when it is executed
    const std::vector<std::string> words{path};
    const auto argv = pointersTo(words);
    const auto variables = pointersTo(environment);
    pid_ = ::fork();
    if (pid_ < 0)
        throw kernelError("fork", path, errno);
    if (pid_ == 0) {
        become(path.c_str(), argv.data(), variables.data(),
            {file.get(), output.write.get(), errors.write.get()});
        const int error = errno;
        static_cast<void>(!::write(failed.write.get(), &error, sizeof error));
        ::_exit(EXIT_FAILURE);
    }
    failed.write.reset();
    pidfd_ = UniqueFd(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
    const int pidfdError = errno;
    int error = 0;
    ::fcntl(failed.read.get(), F_SETFL, 0);
    const bool executed = ::read(failed.read.get(), &error, sizeof error) == 0;
    if (executed && pidfd_) {
        output_ = std::move(output.read);
        errors_ = std::move(errors.read);
        return;
    }
    static_cast<void>(status()); // this object has no destructor yet
    throw executed ? kernelError("pidfd_open", path, pidfdError) : kernelError("execute", path, error);
}

ChildProgram::~ChildProgram() {
    if (pid_ < 0)
        return;
    ::kill(-pid_, SIGKILL);
    static_cast<void>(status());
}

int ChildProgram::status() {
    int status = 0;
    if (!pidfd_)
        ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
}

void killOrphans() noexcept {
    // One that is killed may leave others to us in turn, so that only the killed are waited for.
    for (;;) {
        UniqueFd list(::open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC));
        std::array<char, 4096> text{};
        const auto size = list ? ::read(list.get(), text.data(), text.size() - 1) : -1;
        if (size <= 0)
            return;
        char* rest = text.data();
        // Each has a blank behind it; without, it is the beginning of a longer one.
        for (auto pid = std::strtol(rest, &rest, 10); pid > 0 && *rest == ' ';
             pid = std::strtol(rest, &rest, 10)) {
            ::kill(static_cast<pid_t>(pid), SIGKILL);
            ::waitpid(static_cast<pid_t>(pid), nullptr, 0);
        }
    }
}

} // namespace nsd::cni
