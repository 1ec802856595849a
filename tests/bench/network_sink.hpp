// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <sys/types.h>

namespace nsd::bench {

// A process in a network namespace that throws away what comes over TCP, without copying it, and says one
// byte when it has had all. Ends with this.
class NetworkSink {
  public:
    // `pin`: the file of the namespace.
    explicit NetworkSink(const std::string& pin);
    ~NetworkSink();
    NetworkSink(const NetworkSink&) = delete;
    NetworkSink& operator=(const NetworkSink&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  private:
    pid_t pid_ = 0;
    std::uint16_t port_ = 0;
};

// A port of the loopback here that nobody listens on now.
[[nodiscard]] std::uint16_t freePort();
// Returns when somebody does.
void awaitListener(std::uint16_t port);
// Connects, sends so many bytes and their end, and waits for the byte of the sink.
void sendTo(std::uint16_t port, std::size_t bytes);

} // namespace nsd::bench
