// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/etc_files.hpp"
#include "common/user_ids.hpp"

#include <string>
#include <vector>

namespace nsd::worker {

// The files in a directory that a user has opened, read as that user by a child of this process; see
// EtcMaker::readDirectory.
[[nodiscard]] EtcFiles readEtcDirectory(int directory, const UserIds& user);

// The administrator's files for a network namespace in `path`, as iproute2 has them in /etc/netns/NAME. What
// is none, or not for everybody to read, is left out with a remark; nothing is there: nothing.
[[nodiscard]] EtcFiles readNetnsDirectory(const std::string& path, std::vector<std::string>& remarks);

} // namespace nsd::worker
