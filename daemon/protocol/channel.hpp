// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nsd::protocol {

// At most this many descriptors travel with one message (the kernel's SCM_MAX_FD is 253).
constexpr std::size_t maxFds = 250;

// A message as it came: descriptors are O_CLOEXEC and ours.
struct Packet {
    std::string text;
    std::vector<UniqueFd> fds;
};

// A connected pair of SOCK_SEQPACKET sockets, both O_CLOEXEC.
[[nodiscard]] std::pair<UniqueFd, UniqueFd> socketPair();

// Sends one message; the descriptors stay the sender's. Blocks where the socket does. Throws Error:
// LimitExceeded for a message that is too large (EMSGSIZE), errnoValue EAGAIN where it would block.
void sendPacket(int socket, const std::string& text, const std::vector<int>& fds);
// Receives one whole message. Empty: the other side is gone. Throws Error for a truncated one
// (MSG_TRUNC, MSG_CTRUNC: no descriptor leaks) and errnoValue EAGAIN where there is none yet.
[[nodiscard]] std::optional<Packet> receivePacket(int socket);

} // namespace nsd::protocol
