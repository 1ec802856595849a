// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/forward_spec.hpp"
#include "common/unique_fd.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace nsd::client {

struct ForwardRequest {
    std::string bus;  // the address where nsd answered
    std::string path; // of the namespace's object
    std::vector<Forward> forwards;
    // How sockets inside are got: by entering this network namespace, or, where it is invalid, from nsd,
    // which gave these already (by family).
    UniqueFd net;
    std::vector<std::pair<int, UniqueFd>> sockets;
    std::function<void(const std::vector<Forward>&)> listening; // with the ports that the kernel chose
    std::function<void(const std::string&)> complain;
};

// Forwards for as long as the namespace is there, and then throws Error; also where a port is taken. Says to
// a service manager when it listens (sd_notify(3)).
[[noreturn]] void runForward(ForwardRequest request);

} // namespace nsd::client
