// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"

#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

// What nsctl opens itself: whether its user may is the kernel's to say.
namespace nsd::client {

// Never waits for the other end of a FIFO, and takes no terminal. Throws Error that names the file.
[[nodiscard]] UniqueFd openFile(const std::string& path);
// For reading, as its user may. Throws Error.
[[nodiscard]] UniqueFd openDirectory(const std::string& path);
// A pidfd. Throws Error.
[[nodiscard]] UniqueFd openProcess(pid_t pid);

// The namespaces of a process; without types, all that nsctl is not in itself. Of pid and time those of the
// process's children, where the process has moved only them. Throws Error.
[[nodiscard]] NamespaceFds openNamespacesOf(pid_t pid, std::optional<NamespaceTypes> types);

// "TYPE=FILE" each. Throws UsageError, or Error for a file that cannot be opened.
[[nodiscard]] NamespaceFds openNamespaceFiles(const std::vector<std::string>& words);

} // namespace nsd::client
