// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/protocol/messages.hpp"
#include "daemon/worker/child_process.hpp"
#include "daemon/worker/id_maps.hpp"
#include "daemon/worker/init_program.hpp"

#include <string>
#include <sys/types.h>

namespace nsd::worker {

// What a maker child tells its worker. At each but the last the child waits until the worker has
// done its part, for which the worker's rights as the host's root are needed.
enum class MakerStep : char {
    IdMaps = 'm',  // the user namespace is there, without maps
    Init = 'i',    // the pid namespace's process 1 runs; its pid follows
    Offsets = 'o', // the time namespace is there, its clocks not yet frozen
    Sysctls = 's', // net and ipc are there
    Made = 'd',    // all is there
};

struct MakerReport {
    MakerStep step;
    pid_t initPid = 0;
};

[[nodiscard]] std::string encode(const MakerReport& report);
[[nodiscard]] MakerReport decodeMakerReport(const std::string& text);

// The process that makes new namespaces by moving into them: user first, as the owner of the rest;
// then pid, whose process 1 is started before there is any other namespace that it would hold; then
// the others and what is in them. The worker opens them through /proc while this process lives.
class MakerChild {
  public:
    // `controlGroup` −1: stay in the worker's. `leash` −1: no pid namespace.
    MakerChild(const protocol::MakeRequest& request, const IdMaps& maps, const InitProgram& initProgram,
        int controlGroup, int leash, const ParentChannel& worker) noexcept;

    // Returns when it is no longer needed; throws Error that names the step.
    void run();

  private:
    void enterControlGroup() const;
    void makeUser() const;
    void becomeOwner() const;
    void becomeInside() const;
    void makePid() const;
    void makeMnt() const;
    void fillMnt() const;
    void fillUts() const;
    void ask(MakerStep step, pid_t initPid = 0) const;

    const protocol::MakeRequest& request_;
    const NamespaceSpec& spec_;
    const IdMaps& maps_;
    const InitProgram& initProgram_;
    int controlGroup_;
    int leash_;
    const ParentChannel& worker_;
};

} // namespace nsd::worker
