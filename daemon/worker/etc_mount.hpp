// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/etc_files.hpp"
#include "common/unique_fd.hpp"

#include <string>

namespace nsd::worker {

// A read-only file system as /etc, but with these files in the place of its own, attached nowhere. It is made
// in a mount namespace of its own, in which `scratch`, an empty directory, is used.
//
// overlayfs over the whole directory, since a file that is mounted on /etc/resolv.conf itself would be gone
// at the next rename(2) that puts another one there: the kernel dissolves a mount on a name that goes, and
// DHCP clients, resolvconf(8) and editors write so. Read-only, since what was written would be lost with the
// namespace, and a package manager would not know.
[[nodiscard]] UniqueFd makeEtc(const EtcFiles& files, const std::string& scratch);

} // namespace nsd::worker
