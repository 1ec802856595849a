// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/socket/listen_fds.hpp"

#include "client/enter/execute.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace nsd::client {
namespace {

constexpr int firstFd = 3; // SD_LISTEN_FDS_START

// Links have other numbers inside than here: the socket itself is asked.
unsigned linkNumber(int socket, const std::string& link) {
    struct ifreq request {};
    std::memcpy(request.ifr_name, link.data(), link.size());
    if (::ioctl(socket, SIOCGIFINDEX, &request) != 0)
        throw kernelError("find inside", "link " + quoted(link), errno);
    return static_cast<unsigned>(request.ifr_ifindex);
}

// execve(2) keeps it open there.
void moveToFirst(UniqueFd socket) {
    if (socket.get() == firstFd) {
        if (::fcntl(socket.release(), F_SETFD, 0) != 0)
            throw kernelError("keep open", "the socket", errno);
    } else if (::dup2(socket.get(), firstFd) < 0) {
        throw kernelError("move to descriptor 3", "the socket", errno);
    }
}

void setVariable(const char* name, const std::string& value) {
    if (::setenv(name, value.c_str(), 1) != 0)
        throw kernelError("set", name, errno);
}

} // namespace

void bindSocket(int socket, const SocketAddress::Local& local, bool listens) {
    auto address = local.address;
    if (!local.zone.empty())
        reinterpret_cast<sockaddr_in6&>(address).sin6_scope_id = linkNumber(socket, local.zone);
    // So that a server can start again while connections of the last one linger. Not for udp, where
    // it would let others take what is sent to this one.
    const int on = 1;
    if (listens && ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
        throw kernelError("set SO_REUSEADDR of", "the socket", errno);
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), local.length) != 0)
        throw kernelError("bind the socket to", "its address inside", errno);
    if (listens && ::listen(socket, SOMAXCONN) != 0)
        throw kernelError("listen on", "the socket", errno);
}

int runWithSocket(
    const std::string& what, UniqueFd socket, const std::string& name, std::vector<std::string> command) {
    setVariable("LISTEN_FDS", "1");
    setVariable("LISTEN_PID", std::to_string(::getpid()));
    setVariable("LISTEN_FDNAMES", name);
    moveToFirst(std::move(socket));
    return execute(what, std::move(command));
}

} // namespace nsd::client
