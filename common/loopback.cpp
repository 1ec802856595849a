// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/loopback.hpp"

#include "common/error.hpp"
#include "common/unique_fd.hpp"

#include <cerrno>
#include <cstring>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

namespace nsd {

void bringUpLoopback() {
    // Any socket takes these calls; one of AF_UNIX is there even where IPv4 is not.
    const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket)
        throw kernelError("make a socket", "in the new network namespace", errno);
    ifreq request{};
    std::strncpy(request.ifr_name, "lo", sizeof request.ifr_name - 1);
    if (::ioctl(socket.get(), SIOCGIFFLAGS, &request) != 0)
        throw kernelError("read the flags of", "lo", errno);
    request.ifr_flags |= IFF_UP;
    if (::ioctl(socket.get(), SIOCSIFFLAGS, &request) != 0)
        throw kernelError("bring up", "lo", errno);
}

} // namespace nsd
