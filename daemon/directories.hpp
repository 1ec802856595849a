// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>

namespace nsd {

// Where nsd keeps what: systemd's variables (systemd.exec(5)) replace the places of old.
struct Directories {
    std::string runtime = "/run/nsd";
    std::string state = "/var/lib/nsd";
    std::string configuration = "/etc/nsd";
    std::string vendor = "/usr/lib/nsd"; // what packages bring; no variable replaces it
};

// `lookUp` is getenv(3), or a test's. Throws Error{InvalidArgument} for a value that is no absolute
// path, or is several (systemd separates them by ':').
[[nodiscard]] Directories directoriesFrom(const std::function<const char*(const char*)>& lookUp);

} // namespace nsd
