// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <string>

namespace nsd {

// Whether something is mounted at `leaf` of a directory (statx(2), STATX_ATTR_MOUNT_ROOT); an empty
// leaf asks for the descriptor itself. The file system that is mounted there is not asked. Throws
// Error, errnoValue ENOENT where there is nothing of this name.
[[nodiscard]] bool isMountPoint(int directory, const std::string& leaf);

// What is mounted there, as a mount that is attached nowhere and without what is mounted below
// (open_tree(2)); an empty path: the descriptor itself. Throws Error.
[[nodiscard]] UniqueFd copyOfMount(int directory, const std::string& path);

// The path of an open file that no rename and no symbolic link can turn into another one's.
[[nodiscard]] std::string pathOfFd(int fd);

} // namespace nsd
