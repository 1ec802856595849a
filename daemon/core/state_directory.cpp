// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/state_directory.hpp"

#include "common/error.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace nsd {
namespace {

void makeDirectory(const std::string& path, mode_t mode) {
    if (::mkdir(path.c_str(), mode) != 0 && errno != EEXIST)
        throw kernelError("mkdir", path, errno);
}

} // namespace

UniqueFd openInStateDirectory(const std::string& stateDirectory, const std::string& leaf, bool make) {
    const auto path = stateDirectory + '/' + leaf;
    if (make) {
        makeDirectory(stateDirectory, S_IRWXU | S_IRGRP | S_IXGRP | S_IROTH | S_IXOTH);
        makeDirectory(path, S_IRWXU);
    }
    UniqueFd directory(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!directory && (make || errno != ENOENT))
        throw kernelError("open", path, errno);
    return directory;
}

} // namespace nsd
