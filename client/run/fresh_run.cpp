// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/enter/enter.hpp"
#include "client/enter/execute.hpp"
#include "client/enter/supervise.hpp"
#include "client/enter/terminal_job.hpp"
#include "client/join/credential_change.hpp"
#include "client/join/process_ids.hpp"
#include "client/run/outside_helper.hpp"
#include "client/run/run_request.hpp"
#include "client/run/user_maps.hpp"
#include "common/clock_offset.hpp"
#include "common/error.hpp"
#include "common/loopback.hpp"
#include "common/quote.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <linux/close_range.h>
#include <memory>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>

namespace nsd::client {
namespace {

unsigned long flagsOf(Propagation propagation) noexcept {
    switch (propagation) {
    case Propagation::Slave:
        return MS_REC | MS_SLAVE;
    case Propagation::Shared:
        return MS_REC | MS_SHARED;
    case Propagation::Unchanged:
        return 0;
    case Propagation::Private:
        break;
    }
    return MS_REC | MS_PRIVATE;
}

// A process on its way into namespaces of its own, and then the command in them.
class FreshRun {
  public:
    explicit FreshRun(RunRequest request) : request_(std::move(request)) {}

    int run() {
        if (!request_.wanted && !mapsNeedHelper(request_))
            return goInside();
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
            throw kernelError("make", "a pair of sockets", errno);
        UniqueFd inside(ends[0]);
        OutsideHelper helper(request_, UniqueFd(ends[1]));
        return superviseChild(
            request_.what,
            [&] {
                helper_.emplace(std::move(inside));
                ::close(ends[1]);
                return goInside();
            },
            false, &helper);
    }

  private:
    [[nodiscard]] bool has(NamespaceType type) const noexcept { return request_.spec.types.contains(type); }

    int goInside() {
        leaveNamespaces();
        if (!has(NamespaceType::Pid) && !has(NamespaceType::Time))
            return become();
        // They are its children's. Not by exit(3): see client/enter.
        ::_exit(superviseChild(
            request_.what, [this] { return becomeFirst(); }, TerminalJob::isPossible(false)));
    }

    void leaveNamespaces() {
        const auto uid = ::geteuid();
        const auto gid = ::getegid();
        // SysV semaphores are given back now, and not when the command ends (CLONE_SYSVSEM).
        int flags = CLONE_SYSVSEM;
        for (const auto type : request_.spec.types)
            flags |= cloneFlag(type);
        const CredentialChange change;
        if (::unshare(flags) != 0)
            explain(errno);
        if (has(NamespaceType::User)) {
            if (mapsNeedHelper(request_))
                helper_->writeMaps();
            else
                writeOwnMaps(request_, uid, gid);
        }
        for (const auto& [clock, offset] : {std::pair{"monotonic", request_.spec.monotonicOffset},
                 std::pair{"boottime", request_.spec.boottimeOffset}})
            if (offset)
                setClock(clock, *offset);
        // Not before: what is not dumpable has a /proc/self of root's, and could write none of this.
        change.finish();
        if (has(NamespaceType::User))
            takeMappedIds();
    }

    [[noreturn]] void explain(int problem) const {
        const auto types = describe(request_.spec.types);
        if (problem == EPERM && !has(NamespaceType::User))
            throw Error(Errc::AccessDenied,
                "only root makes namespaces of type " + types +
                    " outside of a user namespace of his own: add user",
                problem);
        if (problem == ENOSPC || problem == EUSERS)
            throw Error(Errc::LimitExceeded,
                "the kernel's limit for namespaces is reached (/proc/sys/user/max_*_namespaces)", problem);
        throw kernelError("unshare", types, problem);
    }

    // A command that starts with ids that are not mapped still is the user that it was, for every file
    // outside.
    void takeMappedIds() const {
        const UniqueFd proc(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!proc)
            throw kernelError("open", "/proc", errno);
        const auto maps = readIdMaps(proc.get());
        constexpr uid_t overflow = 65534; // what geteuid(2) answers where there is no number
        if (isInside(maps.uids, ::geteuid()) && (::geteuid() != overflow || isInside(maps.uids, overflow)))
            return;
        const CredentialChange change;
        takeIds(planIds(maps, std::nullopt));
        change.finish();
    }

    static void setClock(const char* clock, std::int64_t offset) {
        const auto line = clockOffsetLine(clock, offset);
        const UniqueFd file(::open("/proc/self/timens_offsets", O_WRONLY | O_CLOEXEC));
        if (!file)
            throw kernelError("open", "/proc/self/timens_offsets", errno);
        if (::write(file.get(), line.data(), line.size()) < 0)
            throw kernelError("set", std::string("the ") + clock + " clock", errno);
    }

    // Process 1 of the pid namespace, where there is one. Without nsctl there is nobody to wait for it.
    int becomeFirst() {
        if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
            throw kernelError("prctl", "PR_SET_PDEATHSIG", errno);
        return become();
    }

    int become() {
        prepareMounts();
        if (has(NamespaceType::Net))
            bringUpLoopback();
        setName(request_.spec.hostname, ::sethostname, "host name");
        setName(request_.spec.domainname, ::setdomainname, "domain name");
        if (request_.wanted)
            helper_->adopt(openNamespaces());
        helper_.reset();
        dropResources();
        return execute(request_.what, std::move(request_.command));
    }

    void prepareMounts() {
        const bool proc = has(NamespaceType::Pid) && request_.freshProc;
        if (!has(NamespaceType::Mnt)) {
            if (!proc)
                return;
            // For /proc alone; what happens to other mounts outside is seen here, too.
            if (::unshare(CLONE_NEWNS) != 0)
                throw kernelError("unshare", "a mount namespace for /proc", errno);
            propagate(MS_REC | MS_SLAVE);
        } else if (const auto flags = flagsOf(request_.propagation)) {
            propagate(flags);
        }
        if (proc)
            mountFresh("proc", "/proc");
        if (has(NamespaceType::Mnt) && has(NamespaceType::Net))
            mountFresh("sysfs", "/sys");
    }

    static void propagate(unsigned long flags) {
        if (::mount(nullptr, "/", nullptr, flags, nullptr) != 0)
            throw kernelError("change the propagation of", "every mount", errno);
    }

    static void mountFresh(const char* type, const char* where) {
        if (::mount(type, where, type, MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0)
            throw kernelError("mount a fresh", std::string(type) + " on " + where, errno);
    }

    static void setName(const std::string& name, int (*set)(const char*, std::size_t), const char* what) {
        if (!name.empty() && set(name.data(), name.size()) != 0)
            throw kernelError("set", std::string("the ") + what + " " + quoted(name), errno);
    }

    [[nodiscard]] NamespaceFds openNamespaces() const {
        NamespaceFds fds;
        for (const auto type : request_.spec.types) {
            const auto path = "/proc/self/ns/" + std::string(toWord(type));
            UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
            if (!fd)
                throw kernelError("open", path, errno);
            fds.emplace(type, std::move(fd));
        }
        return fds;
    }

    // What execve(2) would keep. Descriptors are closed by it, so that an error can still be told.
    void dropResources() const {
        const struct flock everything { F_UNLCK, SEEK_SET, 0, 0, 0 };
        for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
            ::fcntl(fd, F_SETLK, &everything); // taken by who became nsctl
        constexpr itimerval never{};
        for (const auto which : {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF})
            ::setitimer(which, &never, nullptr);
        const unsigned first = request_.closeAll ? STDIN_FILENO : STDERR_FILENO + 1;
        if (::syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
            throw kernelError("close", "every descriptor", errno);
    }

    RunRequest request_;
    std::optional<OutsideRequests> helper_;
};

} // namespace

int runInFresh(RunRequest request) {
    return FreshRun(std::move(request)).run();
}

} // namespace nsd::client
