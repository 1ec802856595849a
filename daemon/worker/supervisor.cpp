// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/supervisor.hpp"

#include "common/error.hpp"
#include "common/id_ranges.hpp"
#include "daemon/protocol/channel.hpp"
#include "daemon/worker/process_info.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <ctime>
#include <fcntl.h>
#include <poll.h>
#include <sstream>
#include <string_view>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace nsd::worker {
namespace {

// Passed on to the command; a service manager stops a service so.
constexpr std::array passedOn{SIGTERM, SIGINT, SIGHUP, SIGQUIT};

UniqueFd pidfdOf(pid_t pid) {
    UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd)
        throw kernelError("open a pidfd of", "process " + std::to_string(pid), errno);
    return pidfd;
}

std::chrono::microseconds boottime() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
}

void append(int file, const std::string& line) {
    const auto written = ::write(file, line.data(), line.size());
    if (written != static_cast<ssize_t>(line.size()))
        throw kernelError("write", "the file of the process", written < 0 ? errno : EIO);
}

sigset_t watchedSignals() {
    sigset_t set{};
    ::sigemptyset(&set);
    ::sigaddset(&set, SIGCHLD);
    for (const int signal : passedOn)
        ::sigaddset(&set, signal);
    return set;
}

// One id, by its two names.
struct MappedId {
    std::uint32_t inside;
    std::uint32_t outside;
};

MappedId requireMapped(
    const std::vector<IdRange>& map, std::string_view kind, std::uint32_t id, bool isInside) {
    if (const auto other = isInside ? outsideOf(map, id) : insideOf(map, id))
        return isInside ? MappedId{id, *other} : MappedId{*other, id};
    throw Error(Errc::InvalidArgument,
        std::string(kind) + ' ' + std::to_string(id) +
            (isInside ? " does not exist in its user namespace, which maps "
                      : " of the host is not mapped into its user namespace, which maps ") +
            describeIdMap(map));
}

} // namespace

Supervisor::Supervisor(int socket) {
    socket_.reset(::fcntl(socket, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    null_.reset(::open("/dev/null", O_RDWR | O_CLOEXEC));
    if (!socket_ || !null_)
        throw kernelError("prepare", "the supervisor", errno);
    // Nothing that it was started with stays: it may outlive whatever that was.
    if (::dup2(null_.get(), socket) < 0 || ::dup2(null_.get(), STDOUT_FILENO) < 0 || ::chdir("/") != 0)
        throw kernelError("prepare", "the supervisor", errno);
    // Not ignored, as a parent may have left it: then there would be no status.
    struct sigaction usual {};
    usual.sa_handler = SIG_DFL;
    ::sigaction(SIGCHLD, &usual, nullptr);
    const auto watched = watchedSignals();
    ::sigprocmask(SIG_BLOCK, &watched, nullptr);
}

void Supervisor::run() {
    sayReady();
    auto packet = protocol::receivePacket(socket_.get());
    if (!packet)
        return;
    if (start(protocol::decodeSuperviseRequest(packet->text), std::move(packet->fds)))
        standBy();
}

void Supervisor::sayReady() const {
    const auto self = pidfdOf(::getpid());
    protocol::sendPacket(socket_.get(), protocol::encode(protocol::SupervisorReady{}), {self.get()});
}

bool Supervisor::start(const protocol::SuperviseRequest& request, std::vector<UniqueFd> fds) {
    try {
        const auto given = takeFds(request, std::move(fds));
        enter(request, given);
        sayStarted();
        socket_.reset();
        ::dup2(null_.get(), STDERR_FILENO); // the daemon's, which must see its end
        return true;
    } catch (const Error& error) {
        // Nobody has been told of the command, or ever will be.
        killChildren();
        protocol::sendPacket(socket_.get(), protocol::encode(protocol::SupervisorReply(error)), {});
        return false;
    }
}

// Also a command whose number nobody has told. They are not waited for: one may hang in the kernel.
void Supervisor::killChildren() const {
    const auto self = std::to_string(::getpid());
    std::istringstream children(proc_.read(self + "/task/" + self + "/children").value_or(""));
    for (pid_t child = 0; children >> child;)
        ::kill(child, SIGKILL);
}

CommandFds Supervisor::takeFds(const protocol::SuperviseRequest& request, std::vector<UniqueFd> fds) {
    std::size_t next = 0;
    const auto take = [&] {
        if (next == fds.size())
            throw Error(Errc::KernelError, "a supervisor's request has too few descriptors");
        return std::move(fds[next++]);
    };
    CommandFds taken;
    for (const auto type : request.types)
        taken.namespaces.emplace(type, take());
    for (std::size_t i = 0; i < taken.stdio.size(); ++i)
        taken.stdio.at(i) = request.stdio.at(i) ? take() : null_.duplicate();
    stateFile_ = take();
    if (request.entersControlGroup)
        taken.controlGroup = take();
    if (request.hasView)
        taken.view = take();
    if (next != fds.size())
        throw Error(Errc::KernelError, "a supervisor's request has too many descriptors");
    return taken;
}

// Until the joining process says something. What it waits for may never come (a directory of a user's
// file system), and it must not go on once there is no daemon that the command would be started for.
void Supervisor::waitFor(const ChildProcess& joining) const {
    std::array<pollfd, 2> polled{{{joining.socket(), POLLIN, 0}, {socket_.get(), 0, 0}}};
    while (::poll(polled.data(), polled.size(), -1) < 0)
        if (errno != EINTR)
            throw kernelError("wait for", "the process that joins the namespaces", errno);
    requireDaemon();
}

void Supervisor::requireDaemon() const {
    pollfd daemon{socket_.get(), 0, 0};
    if (::poll(&daemon, 1, 0) != 0)
        throw Error(Errc::KernelError, "the daemon that the command was started for is gone");
}

void Supervisor::enter(const protocol::SuperviseRequest& request, const CommandFds& fds) {
    uid_ = request.command.ids.uid; // what the number means inside is seen when that has been joined
    ChildProcess joining(
        [&](const ParentChannel& supervisor) { CommandEntry(request, fds, supervisor).run(); });
    const auto next = [&] {
        waitFor(joining);
        return joining.receiveOrEnd();
    };
    // Its end: the joining process has ended, and the command's program has closed the other copy.
    while (const auto said = next()) {
        constexpr std::string_view started = startedWord;
        if (*said == joinedUser)
            joining.answer(idsInside(request.command, joining.pid()));
        else if (said->starts_with(started))
            command_ = std::stoi(said->substr(started.size()));
    }
    if (command_ == 0)
        throw Error(Errc::KernelError, "the process that joins the namespaces was killed");
}

// Read from outside: from inside, the outside of a nested namespace would be its parent.
std::string Supervisor::idsInside(const CommandSpec& command, pid_t joined) {
    const auto read = [&](const char* leaf) {
        return parseIdMap(proc_.read(std::to_string(joined) + '/' + leaf).value_or(""));
    };
    const auto& ids = command.ids;
    const auto uid = requireMapped(read("uid_map"), "uid", ids.uid, command.idsAreInside);
    const auto gid = requireMapped(read("gid_map"), "gid", ids.gid, command.idsAreInside);
    uid_ = uid.outside;
    return encodeIds(uid.inside, gid.inside);
}

// The file first: whoever hears of the command finds it there, too.
void Supervisor::sayStarted() const {
    const auto pidfd = pidfdOf(command_);
    const KnownProcess command{command_, startTimeOf(proc_, command_)};
    const KnownProcess self{::getpid(), startTimeOf(proc_, ::getpid())};
    requireDaemon();
    append(stateFile_.get(), toLine(ProcessState::Running{command, self, uid_}));
    protocol::sendPacket(
        socket_.get(), protocol::encode(protocol::CommandStarted{command, uid_}), {pidfd.get()});
}

void Supervisor::standBy() const {
    const auto watched = watchedSignals();
    for (;;) {
        siginfo_t ended{};
        if (::waitid(P_PID, static_cast<id_t>(command_), &ended, WEXITED | WNOHANG) == 0 &&
            ended.si_pid == command_) {
            append(stateFile_.get(), toLine(ProcessEnd{ended.si_code, ended.si_status, boottime()}));
            return;
        }
        siginfo_t info{};
        if (const int signal = ::sigwaitinfo(&watched, &info); signal > 0 && signal != SIGCHLD)
            ::kill(command_, signal); // not reaped yet, so the number is still its own
    }
}

} // namespace nsd::worker
