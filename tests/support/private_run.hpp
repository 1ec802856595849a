// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace nsd::test {

// From now on this process, and what it starts, has a /run of its own: an empty tmpfs, shared as the
// host's is, in a mount namespace that nothing gets out of. For what has its place there and nowhere else,
// such as the names of ip-netns(8). Once for each process; needs root. Throws.
void usePrivateRun();
// The same, with the directory of ip-netns(8) as it is from its first name on: none of them is the machine's.
void usePrivateNetnsNames();

} // namespace nsd::test
