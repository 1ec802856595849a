// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace nsd {

// The few words of rtnetlink(7) about namespace ids: the number by which the daemon's network
// namespace knows another one. All throw Error.
namespace rtnetlink {

enum class NsidChange { Added, Removed };
struct NsidEvent {
    NsidChange change;
    std::int32_t nsid;
};

// A socket that the kernel tells of every namespace id that comes or goes; non-blocking.
[[nodiscard]] UniqueFd subscribe();
// What has arrived. Empty: some were lost (ENOBUFS), so every id has to be asked for.
[[nodiscard]] std::optional<std::vector<NsidEvent>> readEvents(int socket);

// Gives the network namespace an id here, unless it has one, and answers it.
[[nodiscard]] std::int32_t assignNsid(int netNsFd);
// Whether any network namespace has this id here.
[[nodiscard]] bool nsidExists(std::int32_t nsid);

} // namespace rtnetlink
} // namespace nsd
