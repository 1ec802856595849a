// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/private_bus.hpp"

#include "common/error.hpp"
#include "common/pipe.hpp"
#include "common/quote.hpp"
#include "daemon/private_bus_config.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <sstream>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd {
namespace {

constexpr auto program = "dbus-daemon";
constexpr int patience = 30'000; // ms
constexpr int configFd = 3;      // as the program sees them
constexpr int addressFd = 4;

std::string findProgram() {
    const char* path = std::getenv("PATH");
    std::istringstream directories(path == nullptr ? "/usr/bin:/bin" : path);
    for (std::string directory; std::getline(directories, directory, ':');)
        if (auto file = directory + "/" + program;
            directory.starts_with('/') && ::access(file.c_str(), X_OK) == 0)
            return file;
    throw Error{Errc::KernelError,
        "--bus=private needs the program dbus-daemon, which is not in PATH (Debian: package dbus-daemon)"};
}

UniqueFd memoryFile(const std::string& text) {
    UniqueFd file{::memfd_create("nsd-bus.conf", MFD_CLOEXEC)};
    if (!file)
        throw kernelError("make", "a memory file for dbus-daemon", errno);
    if (::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
        ::lseek(file.get(), 0, SEEK_SET) != 0)
        throw kernelError("write", "the configuration of dbus-daemon", errno);
    return file;
}

void removeSocket(const std::string& path) {
    struct stat st {};
    if (::lstat(path.c_str(), &st) != 0)
        return;
    if (!S_ISSOCK(st.st_mode))
        throw Error{
            Errc::KernelError, nsd::quoted(path) + " is in the way of the private bus, and is no socket"};
    if (::unlink(path.c_str()) != 0)
        throw kernelError("remove", "the stale socket " + nsd::quoted(path), errno);
}

std::string howItEnded(int status) {
    if (WIFSIGNALED(status))
        return "was killed by signal " + std::to_string(WTERMSIG(status));
    return "ended with status " + std::to_string(WEXITSTATUS(status));
}

} // namespace

PrivateBus::PrivateBus(Loop& loop, Log& log, std::string socketPath)
    : socketPath_(std::move(socketPath)), address_(unixAddress(socketPath_)) {
    const auto path = findProgram();
    removeSocket(socketPath_);
    const auto config = memoryFile(privateBusConfig(address_));
    auto [readEnd, writeEnd] = makePipe("for dbus-daemon");
    process_ = std::make_unique<Process>(spawn({path,
        {"--config-file=/proc/self/fd/" + std::to_string(configFd),
            "--print-address=" + std::to_string(addressFd), "--nofork", "--nopidfile", "--nosyslog"},
        {config.get(), writeEnd.get()}}));
    writeEnd.reset();
    awaitListening(readEnd.get());
    exit_ = loop.onExit(process_->pid(), [&loop, &log](int status) {
        log.error(std::string(program) + " of the private bus " + howItEnded(status));
        loop.exit(EXIT_FAILURE);
    });
}

PrivateBus::~PrivateBus() {
    exit_.reset();
    process_.reset();
    ::unlink(socketPath_.c_str());
}

// The address is written when the bus listens. The end of the pipe before that: there will be none.
void PrivateBus::awaitListening(int addressPipe) {
    pollfd readable{addressPipe, POLLIN, 0};
    std::array<char, 256> address{};
    const bool inTime = ::poll(&readable, 1, patience) == 1;
    if (inTime && ::read(addressPipe, address.data(), address.size()) > 0)
        return;
    throw Error{Errc::KernelError,
        std::string(program) + " of the private bus " +
            (inTime ? howItEnded(process_->end()) + "; what it said is above" : "does not begin to listen")};
}

int PrivateBus::Process::end() noexcept {
    // By the pidfd: once the loop has reaped the process, its number may be somebody else's.
    const int pidfd = process_.pidfd.get();
    ::syscall(SYS_pidfd_send_signal, pidfd, SIGKILL, nullptr, 0);
    siginfo_t info{};
    while (::waitid(P_PIDFD, static_cast<id_t>(pidfd), &info, WEXITED) != 0)
        if (errno != EINTR)
            return 0;
    return info.si_code == CLD_EXITED ? W_EXITCODE(info.si_status, 0) : info.si_status;
}

} // namespace nsd
