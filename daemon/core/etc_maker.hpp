// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/etc_files.hpp"
#include "common/name.hpp"
#include "common/outcome.hpp"
#include "common/unique_fd.hpp"
#include "common/user_ids.hpp"

#include <string>
#include <vector>

namespace nsd {

// An /etc that is mounted nowhere yet.
struct MadeEtc {
    UniqueFd mount;
    std::vector<std::string> files{};   // that are not the host's
    std::vector<std::string> remarks{}; // sentences about what was left out of /etc/netns
};

// The kernel's side of the /etc of a network namespace, a port as Kernel is one: a file system that shows the
// host's /etc with some files replaced, read-only. It is mounted on "etc" in the namespace's
// directory, so that it lives and goes with that, whatever becomes of the daemon.
class EtcMaker {
  public:
    EtcMaker() = default;
    EtcMaker(const EtcMaker&) = delete;
    EtcMaker& operator=(const EtcMaker&) = delete;
    virtual ~EtcMaker() = default;

    // The files in a directory that somebody has opened, read with his rights. It must be his or root's, and
    // hold regular files alone that everybody may read. Errors: WrongFd, AccessDenied, InvalidArgument.
    virtual void readDirectory(UniqueFd directory, const UserIds& caller, Completion<EtcFiles> done) = 0;

    // Whether there is /etc/netns/NAME, where iproute2 looks for such files.
    [[nodiscard]] virtual bool isNetnsKnown(const Name& name) const = 0;
    // `own` come before those in /etc/netns/NAME, and these before `defaults`. With no file at all the mount
    // is invalid.
    virtual void make(
        const Name& name, const EtcFiles& defaults, const EtcFiles& own, Completion<MadeEtc> done) = 0;

    // In the namespace's directory. Throw Error.
    virtual void mount(const MadeEtc& etc, int directory) = 0;
    // Whatever of it is there.
    virtual void remove(int directory) = 0;
    // A copy of it that is attached nowhere; invalid where there is none.
    [[nodiscard]] virtual UniqueFd copy(int directory) = 0;
    // It shows the files of the host as they are now: overlayfs stays with those that it has looked up,
    // whoever puts others in their place.
    virtual void refresh(int directory) = 0;
};

} // namespace nsd
