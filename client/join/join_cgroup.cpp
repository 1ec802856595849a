// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/join/join_cgroup.hpp"

#include "common/error.hpp"
#include "common/unique_fd.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <linux/magic.h>
#include <memory>
#include <mntent.h>
#include <string_view>
#include <sys/vfs.h>
#include <unistd.h>

namespace nsd::client {
namespace {

bool isCgroup2(const char* path) noexcept {
    struct statfs fs {};
    return ::statfs(path, &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC;
}

struct CloseMounts {
    void operator()(FILE* file) const noexcept { ::endmntent(file); }
};

std::string cgroup2Mount() {
    // Where it is on nearly every machine; the table of mounts can have ten thousand pins in it.
    for (const auto* usual : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"})
        if (isCgroup2(usual))
            return usual;
    const std::unique_ptr<FILE, CloseMounts> mounts(::setmntent("/proc/self/mounts", "re"));
    while (const auto* entry = mounts ? ::getmntent(mounts.get()) : nullptr)
        if (std::string_view(entry->mnt_type) == "cgroup2")
            return entry->mnt_dir;
    throw Error(Errc::KernelError, "cgroup2 is not mounted here, so its control group cannot be joined");
}

} // namespace

void joinControlGroup(const std::string& controlGroup) {
    const auto path = cgroup2Mount() + controlGroup + "/cgroup.procs";
    const UniqueFd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (!fd)
        throw kernelError("open", path, errno);
    constexpr std::string_view self = "0"; // cgroups(7): the writing process
    if (::write(fd.get(), self.data(), self.size()) < 0)
        throw kernelError("write", path, errno);
}

} // namespace nsd::client
