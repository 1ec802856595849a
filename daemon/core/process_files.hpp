// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/process_state.hpp"
#include "common/unique_fd.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace nsd {

// The directory of the Exec processes' files (process/ in the runtime directory), one for each, named
// by its number. Whoever has a file open as create() made it, or a copy of that descriptor, holds it:
// a supervisor does until it ends. All methods throw Error with the errno of the call that failed.
class ProcessFiles {
  public:
    explicit ProcessFiles(UniqueFd directory) : directory_(std::move(directory)) {}

    // A new file with its first line. What the supervisor will append has its room already, so that a
    // full file system does not lose how a process ended.
    [[nodiscard]] UniqueFd create(std::uint64_t number, const ProcessState::Begin& begin);
    [[nodiscard]] ProcessState read(std::uint64_t number) const;
    [[nodiscard]] bool isHeld(std::uint64_t number) const;
    void remove(std::uint64_t number);

    struct Entries {
        std::vector<std::uint64_t> numbers;
        std::vector<std::string> others; // not called as a file of ours
    };
    [[nodiscard]] Entries entries() const;

  private:
    UniqueFd directory_;
};

} // namespace nsd
