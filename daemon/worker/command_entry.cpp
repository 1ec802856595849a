// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/command_entry.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/worker/base_mount.hpp"
#include "daemon/worker/fresh_mounts.hpp"
#include "daemon/worker/privileges.hpp"
#include "daemon/worker/proc_fs.hpp"
#include "daemon/worker/program_start.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <grp.h>
#include <sched.h>
#include <sstream>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::worker {
namespace {

// As root joins: user behind all others, which may belong to user namespaces in which root would have
// no privileges from inside this one; mnt behind what is found by path.
constexpr std::array joinOrder{NamespaceType::Net, NamespaceType::Ipc, NamespaceType::Uts,
    NamespaceType::Cgroup, NamespaceType::Time, NamespaceType::Pid, NamespaceType::Mnt, NamespaceType::User};
static_assert(joinOrder.size() == allNamespaceTypes.size());

void check(long result, std::string_view step, std::string_view onWhat) {
    if (result < 0)
        throw kernelError(step, onWhat, errno);
}

// fork(2), but the child is the caller's sibling.
pid_t forkSibling() {
    const auto pid = static_cast<pid_t>(::syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0));
    if (pid >= 0)
        return pid;
    if (errno == ENOMEM) // pid_namespaces(7)
        throw Error(Errc::Degraded, "process 1 of its pid namespace is dead, so nothing can be started in it",
            ENOMEM);
    throw kernelError("fork", "the command", errno);
}

} // namespace

std::string encodeIds(uid_t uid, gid_t gid) {
    return std::to_string(uid) + ' ' + std::to_string(gid);
}

void CommandEntry::run() {
    makeUndumpable();
    if (fds_.controlGroup)
        if (const int failure = writeOnce(fds_.controlGroup.get(), "0"); failure != 0)
            throw kernelError("enter", "the control group of the namespace", failure);
    if (hasPrivateProc() && !fds_.view)
        prepareMounts();
    join();
    const auto pid = forkSibling();
    if (pid == 0)
        become();
    supervisor_.tell(startedWord + std::to_string(pid));
}

// From the host's mounts, while this process may still take the pins out of its copy.
void CommandEntry::prepareMounts() const {
    makeBaseMountNamespace(request_.runtimeDirectory);
}

void CommandEntry::join() {
    // Before any user namespace: in one that denies setgroups(2) this is the last moment. The numbers
    // that root chose inside are none of the host's.
    const auto& groups = command_.ids.groups;
    const auto count = command_.idsAreInside ? 0 : groups.size();
    check(::setgroups(count, groups.data()), "set", "the groups of the command");
    for (const auto type : joinOrder)
        if (joins(type))
            joinOne(fds_.namespaces.at(type).get(), type);
        else if (type == NamespaceType::Mnt && fds_.view)
            joinOne(fds_.view.get(), type);
    if (!joins(NamespaceType::User))
        return;
    // commit_creds() has taken both away: the credentials inside are not among those of before.
    makeUndumpable();
    supervisor_.dieWithParent();
    askForIds();
}

void CommandEntry::joinOne(int fd, NamespaceType type) {
    check(::setns(fd, cloneFlag(type)), "join its", toWord(type));
}

void CommandEntry::askForIds() {
    std::istringstream answer(supervisor_.askFor(joinedUser));
    uid_t uid = 0;
    gid_t gid = 0;
    if (!(answer >> uid >> gid))
        throw Error(Errc::KernelError, "the supervisor did not say the ids inside");
    inside_.emplace(uid, gid);
}

void CommandEntry::become() {
    supervisor_.dieWithParent();
    check(::setsid(), "make", "a session for the command");
    if (hasPrivateProc())
        mountProc();
    takeStdio();
    takeIds();
    supervisor_.dieWithParent(); // other ids have taken it away
    makeUndumpable();            // and may have set it to fs.suid_dumpable
    giveUpPrivileges();
    if (command_.terminal)
        check(::ioctl(STDIN_FILENO, TIOCSCTTY, 0), "make stdin", "the controlling terminal");
    makeUsualProgram();
    check(::chdir(command_.directory.c_str()), "change the directory to", quoted(command_.directory));
    execute();
}

void CommandEntry::mountProc() const {
    // The copy of before belongs to the initial user namespace, whose mounts nobody inside may change; and a
    // view is everybody's who is inside.
    if (joins(NamespaceType::User) || fds_.view) {
        check(::unshare(CLONE_NEWNS), "unshare", "a mount namespace for /proc");
        makeMountsSlave();
    }
    mountProcHere();
}

void CommandEntry::takeStdio() const {
    // All three are numbered above 2: none overwrites another.
    for (int number = 0; number < 3; ++number)
        check(::dup2(fds_.stdio.at(static_cast<std::size_t>(number)).get(), number), "give",
            "stdin, stdout and stderr to the command");
    if (command_.terminal && ::isatty(STDIN_FILENO) == 0)
        throw Error(Errc::InvalidArgument, "tty is asked for, and stdin is no terminal");
}

void CommandEntry::takeIds() const {
    const auto uid = inside_ ? inside_->first : command_.ids.uid;
    const auto gid = inside_ ? inside_->second : command_.ids.gid;
    check(::setresgid(gid, gid, gid), "take on gid", std::to_string(gid));
    check(::setresuid(uid, uid, uid), "take on uid", std::to_string(uid));
}

void CommandEntry::giveUpPrivileges() const {
    if (!command_.keepsCapabilities)
        dropCapabilities();
    giveUpNewPrivileges();
}

void CommandEntry::execute() {
    const auto& program = command_.argv.front();
    const int failure = executeProgram(command_.argv, command_.environment);
    throw kernelError("execute", quoted(program), failure);
}

} // namespace nsd::worker
