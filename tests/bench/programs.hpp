// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <string>
#include <vector>

namespace nsd::bench {

// Runs a program by its path to its end, as a shell would: posix_spawn and waitpid. What it prints is thrown
// away. Throws where it does not end with 0.
void runProgram(const std::vector<std::string>& argv);

// ip(8) in a mount namespace of its own with an empty /run: its namespaces are nobody else's, the host's
// /run/netns is not touched, and all of it goes with this.
class IpNetns {
  public:
    IpNetns();
    // Between these two, what this process starts sees that mount namespace.
    void goIn() const;
    void goHome() const;

    void add(const std::string& name) const;
    void remove(const std::string& name) const;
    void exec(const std::string& name, const std::string& command) const;

  private:
    UniqueFd home_;
    UniqueFd inside_;
};

} // namespace nsd::bench
