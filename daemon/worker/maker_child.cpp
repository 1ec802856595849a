// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/maker_child.hpp"

#include "common/error.hpp"
#include "common/loopback.hpp"
#include "common/quote.hpp"
#include "daemon/worker/fresh_mounts.hpp"
#include "daemon/worker/id_batch.hpp"
#include "daemon/worker/time_offsets.hpp"

#include <cerrno>
#include <fcntl.h>
#include <grp.h>
#include <linux/securebits.h>
#include <sched.h>
#include <sys/prctl.h>
#include <unistd.h>

namespace nsd::worker {
namespace {

// `chargedTo`: the uid whose quota it costs, as the host knows it.
void unshareOne(NamespaceType type, uid_t chargedTo) {
    if (::unshare(cloneFlag(type)) == 0)
        return;
    const std::string word(toWord(type));
    if (errno == ENOSPC)
        throw Error(Errc::LimitExceeded,
            "unshare " + word + ": the kernel's limit user.max_" + word + "_namespaces of uid " +
                std::to_string(chargedTo) + " is reached, or they are nested too deeply",
            ENOSPC);
    throw kernelError("unshare", word, errno);
}

void check(int result, std::string_view step, std::string_view onWhat) {
    if (result != 0)
        throw kernelError(step, onWhat, errno);
}

} // namespace

std::string encode(const MakerReport& report) {
    return static_cast<char>(report.step) + std::to_string(report.initPid);
}

MakerReport decodeMakerReport(const std::string& text) {
    return {static_cast<MakerStep>(text.at(0)), std::stoi(text.substr(1))};
}

MakerChild::MakerChild(const protocol::MakeRequest& request, const IdMaps& maps,
    const InitProgram& initProgram, int controlGroup, int leash, const ParentChannel& worker) noexcept
    : request_(request),
      spec_(request.spec),
      maps_(maps),
      initProgram_(initProgram),
      controlGroup_(controlGroup),
      leash_(leash),
      worker_(worker) {}

void MakerChild::run() {
    if (controlGroup_ >= 0)
        enterControlGroup();
    auto rest = spec_.types;
    if (rest.contains(NamespaceType::User))
        makeUser();
    rest.erase(NamespaceType::User);
    if (rest.contains(NamespaceType::Pid))
        makePid();
    rest.erase(NamespaceType::Pid);
    const bool mnt = rest.contains(NamespaceType::Mnt);
    rest.erase(NamespaceType::Mnt);
    if (mnt)
        makeMnt();
    // One by one, so that an error says which.
    for (const auto type : rest)
        unshareOne(type, maps_.owner);
    if (rest.contains(NamespaceType::Time) && hasTimeOffsets(spec_))
        ask(MakerStep::Offsets);
    if (rest.contains(NamespaceType::Net))
        bringUpLoopback();
    if (rest.contains(NamespaceType::Uts))
        fillUts();
    if (!spec_.sysctls.empty())
        ask(MakerStep::Sysctls);
    if (mnt)
        fillMnt();
    worker_.tell(encode({MakerStep::Made}));
    worker_.waitForEnd();
}

void MakerChild::enterControlGroup() const {
    const UniqueFd file(::openat(controlGroup_, "cgroup.procs", O_WRONLY | O_CLOEXEC));
    const int failure = file ? writeOnce(file.get(), "0") : errno;
    if (failure != 0)
        throw kernelError("enter", "the control group of the namespace", failure);
}

void MakerChild::makeUser() const {
    // The groups of root must not go inside, and after "deny" they could not be dropped.
    check(::setgroups(0, nullptr), "drop", "root's groups");
    if (maps_.owner != 0)
        becomeOwner();
    unshareOne(NamespaceType::User, maps_.owner);
    worker_.dieWithParent();
    ask(MakerStep::IdMaps);
    becomeInside();
    worker_.dieWithParent();
}

// The owner of a user namespace is the effective uid that makes it, and his are the quotas that it
// and all later ones are charged to. The capabilities stay, or else his own limits on what he may
// do (a host without unprivileged user namespaces) would stop root.
void MakerChild::becomeOwner() const {
    const int bits = ::prctl(PR_GET_SECUREBITS);
    check(bits < 0 ? -1 : ::prctl(PR_SET_SECUREBITS, bits | SECBIT_NO_SETUID_FIXUP), "set", "securebits");
    const gid_t keptGroup = -1;
    const uid_t keptUser = -1;
    check(::setresgid(keptGroup, maps_.ownerGroup, keptGroup), "take on", "the owner's group");
    check(::setresuid(keptUser, maps_.owner, keptUser), "take on", "the owner's uid");
}

// With ids that the maps do not have, files could not be made and process 1 would be nobody's.
void MakerChild::becomeInside() const {
    const gid_t group = maps_.gidInside();
    const uid_t user = maps_.uidInside();
    check(::setresgid(group, group, group), "take on inside", "gid " + std::to_string(group));
    check(::setresuid(user, user, user), "take on inside", "uid " + std::to_string(user));
}

void MakerChild::makePid() const {
    unshareOne(NamespaceType::Pid, maps_.owner);
    ask(MakerStep::Init, initProgram_.start(leash_));
}

// Before uts, which the ids of an older batch are used up with.
void MakerChild::makeMnt() const {
    if (request_.attempt > 0)
        useUpIdBatch();
    unshareOne(NamespaceType::Mnt, maps_.owner);
    makeMountsSlave();
}

// Behind pid and net, whose file systems they are.
void MakerChild::fillMnt() const {
    if (spec_.types.contains(NamespaceType::Pid))
        mountFreshProc();
    if (spec_.types.contains(NamespaceType::Net))
        mountFreshSys();
}

void MakerChild::fillUts() const {
    const auto& host = spec_.hostname;
    if (!host.empty())
        check(::sethostname(host.data(), host.size()), "set the hostname", quoted(host));
    const auto& domain = spec_.domainname;
    if (!domain.empty())
        check(::setdomainname(domain.data(), domain.size()), "set the domainname", quoted(domain));
}

void MakerChild::ask(MakerStep step, pid_t initPid) const {
    worker_.ask(encode({step, initPid}));
}

} // namespace nsd::worker
