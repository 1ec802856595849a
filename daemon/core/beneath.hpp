// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/open_beneath.hpp"
#include "common/unique_fd.hpp"

#include <cstddef>
#include <string>

// Files below a directory descriptor, as PinStore needs them: nothing here follows a symbolic link,
// leaves the directory, waits for the other end of a FIFO, or reads without a limit.
namespace nsd {

// tryOpenBeneath. Throws Error with the call's errno.
[[nodiscard]] UniqueFd openBeneath(
    int directory, const std::string& path, int flags, Mounts mounts = Mounts::Cross);

// The text of a regular file of at most `maxBytes`. Throws Error: KernelError for a call that failed,
// InvalidArgument for a thing that is no such file.
[[nodiscard]] std::string readSmallFile(int directory, const std::string& leaf, std::size_t maxBytes);

// Makes a file (O_EXCL, 0600) with this text. Leaves none behind when it throws Error.
void writeNewFile(int directory, const std::string& leaf, const std::string& text);

// unlinkat(2); false if it was not there. Throws Error.
bool removeFile(int directory, const std::string& leaf);

} // namespace nsd
