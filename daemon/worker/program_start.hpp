// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

// The last steps before somebody else's program.
namespace nsd::worker {

// What a program expects of who starts it: every signal at its default and none blocked, umask 022, and
// no more descriptors than select(2) can name. Throws Error.
void makeUsualProgram();
// Becomes the program, found in the PATH of this very environment if its name has no slash; nothing but
// 0, 1 and 2 is open then. Comes back with the errno value of execve(2).
[[nodiscard]] int executeProgram(
    const std::vector<std::string>& argv, const std::vector<std::string>& environment);

} // namespace nsd::worker
