// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/init/init_process.hpp"

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace nsd::init {
namespace {

// Where systemd mounts cgroup2: alone, or beside the controllers of version 1.
constexpr std::array mounts{"/sys/fs/cgroup", "/sys/fs/cgroup/unified"};
using Text = std::array<char, PATH_MAX>;

// "/system.slice/nsd-keep.service" out of /proc/self/cgroup; null where it has no such line.
char* ownGroup(Text& text) {
    constexpr const char* version2 = "\n0::";
    const int file = ::open("/proc/self/cgroup", O_RDONLY | O_CLOEXEC);
    text.front() = '\n';
    if (file < 0 || ::read(file, text.data() + 1, text.size() - 2) <= 0)
        return nullptr;
    char* const line = std::strstr(text.data(), version2);
    if (line == nullptr)
        return nullptr;
    char* const path = line + std::strlen(version2);
    path[std::strcspn(path, "\n")] = '\0';
    return path;
}

int openOwnGroup() {
    Text text{};
    if (const char* path = ownGroup(text); path != nullptr)
        for (const auto* mount : mounts) {
            Text full{};
            std::snprintf(full.data(), full.size(), "%s%s", mount, path);
            const int group = ::open(full.data(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            struct statfs fileSystem {};
            if (group >= 0 && ::fstatfs(group, &fileSystem) == 0 && fileSystem.f_type == CGROUP2_SUPER_MAGIC)
                return group;
        }
    return -1;
}

} // namespace

// What is opened stays so: hold() closes everything.
const char* moveIntoLeaf() {
    const int group = openOwnGroup();
    if (group < 0)
        return "open the unit's control group";
    if (::mkdirat(group, "hold", 0755) != 0 && errno != EEXIST)
        return "make the control group hold";
    const int processes = ::openat(group, "hold/cgroup.procs", O_WRONLY | O_CLOEXEC);
    if (processes < 0 || ::write(processes, "0", 1) != 1)
        return "enter the control group hold";
    return nullptr;
}

} // namespace nsd::init
