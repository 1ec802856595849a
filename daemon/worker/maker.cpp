// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/maker.hpp"

#include "common/error.hpp"
#include "daemon/worker/child_process.hpp"
#include "daemon/worker/id_maps.hpp"
#include "daemon/worker/maker_child.hpp"
#include "daemon/worker/sysctls.hpp"
#include "daemon/worker/time_offsets.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace nsd::worker {
namespace {

// The init reads from it: see InitProcess. The write end goes to the daemon, so that whoever dies
// on the way there closes it.
struct Leash {
    UniqueFd init;
    UniqueFd daemon;
};

Leash makeLeash() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw kernelError("make", "the leash of nsd-init", errno);
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

// The maker, its parent, does not reap it, so the pid is still its own even if it is dead.
UniqueFd openPidfd(pid_t pid) {
    UniqueFd pidfd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    if (!pidfd)
        throw kernelError("open a pidfd of", "nsd-init", errno);
    return pidfd;
}

// One making of namespaces, seen from the worker.
class Making {
  public:
    Making(const ProcFs& proc, const InitProgram& initProgram, const protocol::MakeRequest& request,
        int controlGroup)
        : proc_(proc),
          spec_(request.spec),
          maps_(spec_.types.contains(NamespaceType::User) ? idMapsOf(spec_) : IdMaps{}),
          leash_(spec_.types.contains(NamespaceType::Pid) ? makeLeash() : Leash{}),
          child_([&, controlGroup](ParentChannel& worker) {
              MakerChild(request, maps_, initProgram, controlGroup, leash_.init.get(), worker).run();
          }) {
        leash_.init.reset();
    }

    Maker::Result run() {
        for (;;) {
            const auto report = decodeMakerReport(child_.receive());
            if (report.step == MakerStep::Made)
                return collect();
            help(report);
            child_.continueChild();
        }
    }

  private:
    void help(const MakerReport& report) {
        switch (report.step) {
        case MakerStep::IdMaps:
            return writeIdMaps(proc_, child_.pid(), maps_);
        case MakerStep::Init:
            initPid_ = report.initPid;
            initPidfd_ = openPidfd(initPid_);
            return;
        case MakerStep::Offsets:
            return writeTimeOffsets(proc_, child_.pid(), spec_);
        case MakerStep::Sysctls:
            return applySysctls(proc_, child_.pid(), spec_.types, spec_.sysctls);
        case MakerStep::Made:
            return;
        }
    }

    Maker::Result collect() {
        Maker::Result result{{spec_.types, initPid_}, {}};
        for (const auto type : spec_.types)
            result.fds.push_back(proc_.openMade(child_.pid(), type));
        if (initPidfd_) {
            result.fds.push_back(std::move(initPidfd_));
            result.fds.push_back(std::move(leash_.daemon));
        }
        return result;
    }

    const ProcFs& proc_;
    const NamespaceSpec& spec_;
    IdMaps maps_;
    Leash leash_;
    ChildProcess child_; // killed first, before the descriptors above go
    pid_t initPid_ = 0;
    UniqueFd initPidfd_;
};

} // namespace

Maker::Maker(const ProcFs& proc, const InitProgram& initProgram) noexcept
    : proc_(proc), initProgram_(initProgram) {}

Maker::Result Maker::make(const protocol::MakeRequest& request, int controlGroup) const {
    if (request.spec.types.empty())
        throw Error(Errc::InvalidArgument, "no type of namespace to make was given");
    return Making(proc_, initProgram_, request, controlGroup).run();
}

} // namespace nsd::worker
