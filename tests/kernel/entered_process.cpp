// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/kernel/entered_process.hpp"

#include "common/error.hpp"
#include "common/pipe.hpp"
#include "tests/support/temp_dir.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace nsd::test {
namespace {

pid_t forkOrThrow() {
    const pid_t pid = ::fork();
    if (pid < 0)
        throw kernelError("fork", "", errno);
    if (pid == 0)
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    return pid;
}

int unshareFlags(NamespaceTypes types) {
    int flags = 0;
    for (const auto type : types)
        flags |= cloneFlag(type);
    return flags;
}

} // namespace

void NamespaceHome::live(NamespaceTypes types, int toParent, int fromParent) {
    pid_t init = 0;
    ::signal(SIGCHLD, SIG_IGN); // its init is not left behind as a zombie
    if (::unshare(unshareFlags(types)) != 0)
        ::_exit(1);
    if (types.contains(NamespaceType::Pid)) {
        init = ::fork();
        if (init == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (;;)
                ::pause();
        }
    }
    char byte = 0;
    if (::write(toParent, &init, sizeof init) != sizeof init || ::read(fromParent, &byte, 1) < 0)
        ::_exit(1);
    for (;;)
        ::pause();
}

NamespaceHome::NamespaceHome(NamespaceTypes types, const std::string& idMap, uid_t owner) {
    auto up = makePipe("of a test");
    auto down = makePipe("of a test");
    process_ = forkOrThrow();
    if (process_ == 0 && owner != 0 && ::setresuid(owner, owner, owner) != 0)
        ::_exit(1);
    if (process_ == 0)
        live(types, up.write.get(), down.read.get());
    up.write.reset();
    if (::read(up.read.get(), &init_, sizeof init_) != sizeof init_)
        throw Error(Errc::KernelError, "the namespaces of the test could not be made");
    if (idMap.empty())
        return;
    if (owner != 0)
        writeFile("/proc/" + std::to_string(process_) + "/setgroups", "deny");
    for (const auto* map : {"/uid_map", "/gid_map"})
        writeFile("/proc/" + std::to_string(process_) + map, idMap);
}

NamespaceHome::~NamespaceHome() {
    killInit();
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
}

void NamespaceHome::killInit() {
    if (init_ == 0)
        return;
    const UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, init_, 0)));
    ::kill(init_, SIGKILL);
    pollfd ended{pidfd.get(), POLLIN, 0};
    ::poll(&ended, 1, -1);
    init_ = 0;
}

std::string NamespaceHome::file(NamespaceType type) const {
    return "/proc/" + std::to_string(process_) + "/ns/" + std::string(procFileAfterUnshare(type));
}

client::NamespaceFds NamespaceHome::open(NamespaceTypes types) const {
    client::NamespaceFds fds;
    for (const auto type : types) {
        UniqueFd fd(::open(file(type).c_str(), O_RDONLY | O_CLOEXEC));
        if (!fd)
            throw kernelError("open", file(type), errno);
        fds[type] = std::move(fd);
    }
    return fds;
}

std::string NamespaceHome::link(NamespaceType type) const {
    std::array<char, 64> text{};
    const auto length = ::readlink(file(type).c_str(), text.data(), text.size());
    return {text.data(), static_cast<std::size_t>(length > 0 ? length : 0)};
}

EnteredProcess::EnteredProcess(client::EnterRequest request, const std::function<void()>& before) {
    auto output = makePipe("of a test");
    request.what = "exec test";
    pid_ = forkOrThrow();
    if (pid_ == 0) {
        ::dup2(output.write.get(), STDOUT_FILENO);
        ::dup2(output.write.get(), STDERR_FILENO);
        int status = client::exitNotRun;
        try {
            before();
            status = client::enterAndRun(std::move(request));
        } catch (const Error& error) {
            std::fprintf(stderr, "%s\n", error.what());
            if (::prctl(PR_GET_DUMPABLE) != 0)
                std::fprintf(stderr, "and it can be traced\n");
        }
        ::_exit(status);
    }
    output_ = std::move(output.read);
}

EnteredProcess::~EnteredProcess() {
    if (pid_ == 0)
        return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

std::string EnteredProcess::readLine() {
    std::string line;
    char byte = 0;
    while (::read(output_.get(), &byte, 1) == 1 && byte != '\n')
        line += byte;
    return line;
}

std::string EnteredProcess::readAll() {
    std::string text;
    std::array<char, 4096> buffer{};
    for (;;) {
        const auto count = ::read(output_.get(), buffer.data(), buffer.size());
        if (count <= 0)
            break;
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    if (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

bool EnteredProcess::waitUntilStopped() const {
    int status = 0;
    return ::waitpid(pid_, &status, WUNTRACED) == pid_ && WIFSTOPPED(status);
}

int EnteredProcess::exitStatus() {
    int status = 0;
    ::waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace nsd::test
