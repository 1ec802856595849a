// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <string_view>

namespace nsd {

// Whether what is mounted below a directory may be entered. Stay is for directories alone.
enum class Mounts { Cross, Stay };

// Opens a path below a directory, part by part: no ".." (EXDEV), no symbolic link (ELOOP or ENOTDIR), with
// Mounts::Stay nothing on another mount (EXDEV), which is found out without asking that file system.
// O_CLOEXEC and O_NONBLOCK are added. Empty with errno where it cannot be opened. What openat2(2) with
// RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS (| RESOLVE_NO_XDEV) does; but RestrictSUIDSGID= of systemd.exec(5),
// which nsd.service has, answers ENOSYS to that, since a filter cannot see its flags.
[[nodiscard]] UniqueFd tryOpenBeneath(
    int directory, std::string_view path, int flags, Mounts mounts = Mounts::Cross) noexcept;

} // namespace nsd
