// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <optional>
#include <string>
#include <vector>

// Network namespaces that others keep as files in a directory, each with one bound on it. nsctl opens them
// itself: whether its user may is the kernel's to say.
namespace nsd::client {

struct Candidate {
    std::string name; // of the file
    std::string path;
    std::string maker; // "ip netns", "podman", "docker", "CNI"; empty: not known
    UniqueFd fd;
};

struct CandidateSource {
    std::string directory;
    std::string maker;
};

// Where ip netns, podman and docker keep theirs: the host's own places, and podman's of this user.
[[nodiscard]] std::vector<CandidateSource> knownSources();

// All network namespaces in them, by directory and name, without the one that this process is in. A
// directory that is not there, or not for this user to read, has none. Throws Error.
[[nodiscard]] std::vector<Candidate> findCandidates(const std::vector<CandidateSource>& sources);
// The same for one directory that must be there.
[[nodiscard]] std::vector<Candidate> findCandidates(const std::string& path);

} // namespace nsd::client
