// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/private_run.hpp"

#include "tests/support/command.hpp"

#include <cerrno>
#include <sched.h>
#include <sys/mount.h>
#include <system_error>

namespace nsd::test {
namespace {

void check(int result, const char* step) {
    if (result != 0)
        throw std::system_error(errno, std::generic_category(), step);
}

bool makePrivateRun() {
    check(::unshare(CLONE_NEWNS), "unshare the mount namespace");
    check(::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "make all mounts private");
    check(::mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"), "mount a tmpfs on /run");
    check(::mount(nullptr, "/run", nullptr, MS_SHARED, nullptr), "share /run");
    return true;
}

} // namespace

void usePrivateRun() {
    static const bool done = makePrivateRun();
    static_cast<void>(done);
}

void usePrivateNetnsNames() {
    usePrivateRun();
    mustRun({"ip", "netns", "add", "first"});
    mustRun({"ip", "netns", "del", "first"});
}

} // namespace nsd::test
