// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_type.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nsd::worker {

// A namespace's file that is mounted somewhere.
struct NamespaceMount {
    NamespaceType type;
    std::uint64_t inode = 0;
    std::string target;
    bool pin = false; // one of nsd's own: only their parent mount is an unbindable one
};

// "net:[4026532000]", as mountinfo and the links of /proc write it.
struct NamespaceText {
    NamespaceType type;
    std::uint64_t inode = 0;
};
[[nodiscard]] std::optional<NamespaceText> parseNamespaceText(std::string_view text);

// All mounts of nsfs in a text of /proc/PID/mountinfo.
[[nodiscard]] std::vector<NamespaceMount> namespaceMounts(const std::string& mountinfo);

// Where something is mounted below a directory, and not below another such place: "/sys/fs/cgroup" for
// "/sys", each once, in bytewise order.
[[nodiscard]] std::vector<std::string> mountsBelow(
    const std::string& mountinfo, const std::string& directory);

} // namespace nsd::worker
