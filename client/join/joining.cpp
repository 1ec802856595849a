// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/join/joining.hpp"

#include "client/join/credential_change.hpp"
#include "client/join/join_cgroup.hpp"
#include "client/join/process_ids.hpp"
#include "common/error.hpp"

#include <cerrno>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <utility>

namespace nsd::client {
namespace {

void mountProc() {
    if (::unshare(CLONE_NEWNS) != 0)
        throw kernelError("unshare", "a mount namespace for /proc", errno);
    if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) != 0)
        throw kernelError("mount", "/ as slave", errno);
    if (::mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0)
        throw kernelError("mount", "a fresh /proc", errno);
}

void takeOn(const IdPlan& ids) {
    const CredentialChange change;
    takeIds(ids);
    change.finish();
}

} // namespace

Joining::Joining(Entrance entrance, std::optional<User> user)
    : entrance_(std::move(entrance)),
      user_(std::move(user)),
      facts_(lookAt(entrance_)),
      plan_(planJoin(facts_)),
      ownUid_(::geteuid()) {}

void Joining::takeFromOutside() {
    proc_.reset(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!proc_)
        throw kernelError("open", "/proc", errno);
    if (plan_.hasView)
        entrance_.fds.emplace(NamespaceType::Mnt, std::move(entrance_.view));
}

void Joining::join() {
    takeFromOutside();
    // Somebody with privileges inside could trace this process while it is half in.
    makeUndumpable();
    if (!entrance_.controlGroup.empty())
        joinControlGroup(entrance_.controlGroup);
    for (const auto type : plan_.order)
        joinOne(type);
    entrance_.fds.clear();
}

void Joining::joinOne(NamespaceType type) {
    // Where /proc/self/setgroups says deny, this is the last moment to lose root's groups.
    if (type == NamespaceType::User && facts_.privileged && ::setgroups(0, nullptr) != 0)
        throw kernelError("setgroups", "", errno);
    const CredentialChange change;
    if (::setns(entrance_.fds.at(type).get(), cloneFlag(type)) != 0)
        throw kernelError("join its", toWord(type), errno);
    if (type == NamespaceType::User)
        change.finish();
    if (type == NamespaceType::Mnt && plan_.hasView)
        whereabouts_.keepRoot();
}

void Joining::settle() {
    if (plan_.privateProc)
        mountProc();
    chooseIds();
    // As the one who lives inside, so that it never is in a directory closed to it.
    if (plan_.hasView)
        whereabouts_.keepDirectory();
    else if (facts_.types.contains(NamespaceType::Mnt))
        whereabouts_.findDirectory();
}

void Joining::chooseIds() const {
    if (!plan_.mapsIds) {
        if (user_)
            takeOn({user_->uid, user_->gid, user_->groups});
        return;
    }
    const auto maps = readIdMaps(proc_.get());
    if (facts_.privileged || user_)
        takeOn(planIds(maps, user_));
    else
        checkOwnId(maps, ownUid_);
}

} // namespace nsd::client
