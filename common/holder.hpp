// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>

namespace nsd {

// One known reason why a namespace lives on, in the words of Manager.Holders.
struct Holder {
    std::string kind;   // process, children, fd, mount, socket, init, pin, lease …
    std::uint32_t pid = 0;
    std::string comm;
    std::string type;   // "net"
    std::string detail; // a sentence's worth: "fd 7", "mounted at /run/netns/x" …
};

} // namespace nsd
