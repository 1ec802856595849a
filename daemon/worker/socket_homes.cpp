// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/socket_homes.hpp"

#include "common/linux_numbers.hpp"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <optional>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace nsd::worker {
namespace {

int option(int socket, int name) {
    int value = -1;
    socklen_t length = sizeof value;
    return ::getsockopt(socket, SOL_SOCKET, name, &value, &length) == 0 ? value : -1;
}

std::string protocolName(int socket, int family) {
    switch (family) {
    case AF_UNIX:
        return "unix";
    case AF_NETLINK:
        return "netlink";
    case AF_PACKET:
        return "packet";
    case AF_INET:
    case AF_INET6:
        break;
    default:
        return "family " + std::to_string(family);
    }
    const std::string version = family == AF_INET6 ? "6" : "";
    switch (option(socket, SO_PROTOCOL)) {
    case IPPROTO_TCP:
        return "tcp" + version;
    case IPPROTO_UDP:
        return "udp" + version;
    default:
        return "inet" + version;
    }
}

// The address and port that it is bound to; empty: none.
std::string localName(int socket, int family) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) != 0)
        return {};
    if (family == AF_INET) {
        sockaddr_in in{};
        std::memcpy(&in, &address, sizeof in);
        ::inet_ntop(AF_INET, &in.sin_addr, text.data(), text.size());
        return in.sin_port == 0 ? "" : text.data() + (":" + std::to_string(ntohs(in.sin_port)));
    }
    sockaddr_in6 in{};
    std::memcpy(&in, &address, sizeof in);
    ::inet_ntop(AF_INET6, &in.sin6_addr, text.data(), text.size());
    return in.sin6_port == 0 ? ""
                             : '[' + std::string(text.data()) + "]:" + std::to_string(ntohs(in.sin6_port));
}

std::string describe(int socket) {
    const int family = option(socket, SO_DOMAIN);
    auto text = protocolName(socket, family);
    if (family == AF_INET || family == AF_INET6) {
        const auto name = localName(socket, family);
        text += name.empty() ? " not bound" : ' ' + name;
    }
    return option(socket, SO_ACCEPTCONN) == 1 ? text + " listening" : text;
}

// The task that a directory of /proc is: 17 of "17", 18 of "17/task/18".
struct Task {
    pid_t number = 0;
    bool isThread = false;
};
Task taskOf(std::string_view directory) {
    Task task;
    const auto slash = directory.rfind('/');
    task.isThread = slash != std::string_view::npos;
    if (task.isThread)
        directory.remove_prefix(slash + 1);
    std::from_chars(directory.data(), directory.data() + directory.size(), task.number);
    return task;
}

// The process has ended or closed it, between the look at its descriptors and this.
bool isGone(int problem) {
    return problem == ESRCH || problem == EBADF;
}

} // namespace

SocketHomes::SocketHomes(const NamespaceTargets& targets, SocketTables& tables, std::string directory)
    : targets_(targets), tables_(tables), directory_(std::move(directory)) {}

UniqueFd SocketHomes::copyOf(int fd) {
    if (!std::exchange(opened_, true)) {
        const auto task = taskOf(directory_);
        const unsigned flags = task.isThread ? linux_numbers::pidfdThread : 0;
        pidfd_.reset(static_cast<int>(::syscall(SYS_pidfd_open, task.number, flags)));
        pidfdProblem_ = errno;
    }
    if (!pidfd_) {
        errno = pidfdProblem_;
        return {};
    }
    return UniqueFd(static_cast<int>(::syscall(SYS_pidfd_getfd, pidfd_.get(), fd, 0)));
}

NamespaceTargets::Matches SocketHomes::homeOf(int socket) const {
    const UniqueFd home(::ioctl(socket, SIOCGSKNS));
    return home ? targets_.matchOpen(home.get(), NamespaceType::Net) : NamespaceTargets::Matches();
}

SocketHomes::Home SocketHomes::lookUp(std::uint64_t inode) const {
    const auto* what = tables_.find(inode);
    if (what == nullptr)
        return {};
    return {targets_.matchOpen(tables_.netNs(), NamespaceType::Net), *what};
}

SocketHomes::Home SocketHomes::look(int fd, std::uint64_t inode) {
    const auto socket = copyOf(fd);
    if (!socket)
        return isGone(errno) ? Home() : lookUp(inode);
    struct stat status {};
    if (::fstat(socket.get(), &status) != 0 || !S_ISSOCK(status.st_mode) || status.st_ino != inode)
        return {};
    auto targets = homeOf(socket.get());
    return {targets, targets.empty() ? "" : describe(socket.get())};
}

SocketHomes::Home SocketHomes::lookAtTunnel(int fd) {
    const auto tunnel = copyOf(fd);
    return {tunnel ? homeOf(tunnel.get()) : NamespaceTargets::Matches(), "/dev/net/tun"};
}

} // namespace nsd::worker
