// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/enter/enter.hpp"

#include "client/enter/credential_change.hpp"
#include "client/enter/execute.hpp"
#include "client/enter/join_cgroup.hpp"
#include "client/enter/join_facts.hpp"
#include "client/enter/join_plan.hpp"
#include "client/enter/process_ids.hpp"
#include "client/enter/supervise.hpp"
#include "client/enter/terminal_job.hpp"
#include "client/enter/whereabouts.hpp"
#include "common/error.hpp"

#include <cerrno>
#include <fcntl.h>
#include <grp.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

namespace nsd::client {
namespace {

// One entry: the state that must be taken from outside before the first setns(2), and the steps.
class Entering {
  public:
    explicit Entering(EnterRequest request)
        : request_(std::move(request)), facts_(lookAt(request_.entrance)), plan_(planJoin(facts_)) {}

    int run() {
        takeFromOutside();
        join();
        // Not by exit(3): every fork of this process, also one of a library's exit handler, would now
        // be a member of the namespace (LeakSanitizer's waits for ever for a child that cannot see it).
        if (plan_.forks)
            ::_exit(superviseChild(
                request_.what, [this] { return become(); }, TerminalJob::isPossible(request_.interactive)));
        return become();
    }

  private:
    void takeFromOutside() {
        proc_.reset(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
        if (!proc_)
            throw kernelError("open", "/proc", errno);
        if (plan_.hasView)
            request_.entrance.fds.emplace(NamespaceType::Mnt, std::move(request_.entrance.view));
    }

    void join() {
        // Somebody with privileges inside could trace this process while it is half in.
        makeUndumpable();
        if (!request_.entrance.controlGroup.empty())
            joinControlGroup(request_.entrance.controlGroup);
        for (const auto type : plan_.order)
            joinOne(type);
        request_.entrance.fds.clear();
    }

    void joinOne(NamespaceType type) {
        // Where /proc/self/setgroups says deny, this is the last moment to lose root's groups.
        if (type == NamespaceType::User && facts_.privileged && ::setgroups(0, nullptr) != 0)
            throw kernelError("setgroups", "", errno);
        const CredentialChange change;
        if (::setns(request_.entrance.fds.at(type).get(), cloneFlag(type)) != 0)
            throw kernelError("join its", toWord(type), errno);
        if (type == NamespaceType::User)
            change.finish();
        if (type == NamespaceType::Mnt && plan_.hasView)
            whereabouts_.keepRoot();
    }

    void finish() {
        if (plan_.privateProc)
            mountProc();
        chooseIds();
        // As the one who runs the command, so that it never starts in a directory closed to it.
        if (plan_.hasView)
            whereabouts_.keepDirectory();
        else if (facts_.types.contains(NamespaceType::Mnt))
            whereabouts_.findDirectory();
    }

    static void mountProc() {
        if (::unshare(CLONE_NEWNS) != 0)
            throw kernelError("unshare", "a mount namespace for /proc", errno);
        if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
            throw kernelError("mount", "/ as slave", errno);
        if (::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0)
            throw kernelError("mount", "a fresh /proc", errno);
    }

    void chooseIds() {
        if (!plan_.mapsIds) {
            if (request_.user)
                takeOn({request_.user->uid, request_.user->gid, request_.user->groups});
            return;
        }
        const auto maps = readIdMaps(proc_.get());
        if (facts_.privileged || request_.user)
            takeOn(planIds(maps, request_.user));
        else
            checkOwnId(maps, ownUid_);
    }

    static void takeOn(const IdPlan& ids) {
        const CredentialChange change;
        takeIds(ids);
        change.finish();
    }

    // Answers only when the command cannot be executed.
    int become() {
        finish();
        if (request_.closeFds)
            ::syscall(SYS_close_range, STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);
        return execute(request_.what, std::move(request_.command));
    }

    EnterRequest request_;
    JoinFacts facts_;
    JoinPlan plan_;
    uid_t ownUid_ = ::geteuid();
    UniqueFd proc_;
    Whereabouts whereabouts_;
};

} // namespace

int enterAndRun(EnterRequest request) {
    return Entering(std::move(request)).run();
}

} // namespace nsd::client
