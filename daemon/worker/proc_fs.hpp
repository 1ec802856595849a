// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/namespace_type.hpp"
#include "common/unique_fd.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace nsd::worker {

// The host's /proc, opened once and seen to be procfs, so that nothing mounted over it later can
// stand in for the kernel. Paths are relative to it: "17/ns/net".
class ProcFs {
  public:
    ProcFs();

    [[nodiscard]] int get() const noexcept { return root_.get(); }

    // Empty, with errno, where it cannot be opened: processes go while one looks at them.
    [[nodiscard]] UniqueFd tryOpen(const std::string& path, int flags) const noexcept;
    // Throws kernelError.
    [[nodiscard]] UniqueFd open(const std::string& path, int flags) const;
    // The whole file; empty where it cannot be read.
    [[nodiscard]] std::optional<std::string> read(const std::string& path) const;
    // One write(2) of the whole text, as the kernel wants it; throws kernelError(step, …).
    void write(const std::string& path, std::string_view text, std::string_view step) const;

    // The namespace that the process has just made with unshare(2).
    [[nodiscard]] UniqueFd openMade(pid_t pid, NamespaceType type) const;

  private:
    UniqueFd root_;
};

// What is left of an open file; empty, with errno, where it cannot be read.
[[nodiscard]] std::optional<std::string> readToEnd(int fd);

// Writes all with one write(2); 0 or an errno value.
[[nodiscard]] int writeOnce(int fd, std::string_view text) noexcept;

} // namespace nsd::worker
