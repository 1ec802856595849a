// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd::cni {

// A program that runs as the leader of a session of its own and dies with us. When this goes, it is killed
// with its process group, and reaped.
class ChildProgram {
  public:
    // It reads `input` and nothing else; its output and errors come through the pipes. Throws Error.
    ChildProgram(
        const std::string& path, const std::vector<std::string>& environment, const std::string& input);
    ~ChildProgram();
    ChildProgram(const ChildProgram&) = delete;
    ChildProgram& operator=(const ChildProgram&) = delete;

    // Readable once it has ended.
    [[nodiscard]] int pidfd() const noexcept { return pidfd_.get(); }
    [[nodiscard]] int output() const noexcept { return output_.get(); }
    [[nodiscard]] int errors() const noexcept { return errors_.get(); }
    // As waitpid(2) says it; the program has ended. Call once.
    [[nodiscard]] int status();

  private:
    pid_t pid_ = -1;
    UniqueFd pidfd_;
    UniqueFd output_;
    UniqueFd errors_;
};

// What programs have left behind, whose subreaper we are (prctl(2)): killed and reaped.
void killOrphans() noexcept;

} // namespace nsd::cni
