// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

namespace nsd {

// One known reason why a namespace lives on, in the words of Manager.Holders.
struct Holder {
    std::string kind; // process, children, fd, mount, socket, init, pin, lease …
    std::uint32_t pid = 0;
    std::string comm;
    std::string type;   // "net"
    std::string detail; // a sentence's worth: "fd 7", "mounted at /run/netns/x" …
    // The effective uid of the process, to show others' processes to root only. Not on the bus;
    // 4294967295 (nobody's) where there is no process or it was gone too soon.
    std::uint32_t uid = 0xffffffff;
};

} // namespace nsd
