// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace nsd {

// Whether this host lets users without privilege make user namespaces, by the three switches that there
// are: kernel.unprivileged_userns_clone (Debian), user.max_user_namespaces, and
// kernel.apparmor_restrict_unprivileged_userns. `directory` is /proc/sys. A switch that the kernel does
// not have restricts nobody; one that cannot be read is taken for a no.
[[nodiscard]] bool usersMayMakeUserNamespaces(const std::string& directory);

} // namespace nsd
