// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nsd::test {

// The service manager's end of sd_notify(3).
class NotifySocket {
  public:
    explicit NotifySocket(std::filesystem::path path);
    ~NotifySocket();
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    enum class Result { Ready, ProcessEnded, TimedOut };
    // Until READY=1 is there, or the process behind the pidfd has ended.
    [[nodiscard]] Result waitForReady(int pidfd, std::chrono::milliseconds timeout) const;

    // The next message that has this in it; empty where none comes in time. Those before it are dropped.
    [[nodiscard]] std::string waitFor(std::string_view part, std::chrono::milliseconds timeout) const;
    // Those that are there.
    [[nodiscard]] std::vector<std::string> takeAll() const;

  private:
    std::filesystem::path path_;
    UniqueFd socket_;
};

} // namespace nsd::test
