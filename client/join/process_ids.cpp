// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/join/process_ids.hpp"

#include "client/read_all.hpp"
#include "common/error.hpp"
#include "common/unique_fd.hpp"

#include <cerrno>
#include <fcntl.h>
#include <grp.h>
#include <string>
#include <unistd.h>

namespace nsd::client {
namespace {

std::string readFile(int procFd, const char* path) {
    const UniqueFd fd(::openat(procFd, path, O_RDONLY | O_CLOEXEC));
    if (!fd)
        throw kernelError("open", std::string("/proc/") + path, errno);
    return readAll(fd.get(), std::string("/proc/") + path);
}

} // namespace

IdMaps readIdMaps(int procFd) {
    return {parseIdMap(readFile(procFd, "self/uid_map")), parseIdMap(readFile(procFd, "self/gid_map")),
        readFile(procFd, "self/setgroups") != "deny\n"};
}

void takeIds(const IdPlan& plan) {
    if (plan.groups && ::setgroups(plan.groups->size(), plan.groups->data()) != 0)
        throw kernelError("setgroups", "", errno);
    if (::setresgid(plan.gid, plan.gid, plan.gid) != 0)
        throw kernelError("take on gid", std::to_string(plan.gid), errno);
    if (::setresuid(plan.uid, plan.uid, plan.uid) != 0)
        throw kernelError("take on uid", std::to_string(plan.uid), errno);
}

} // namespace nsd::client
