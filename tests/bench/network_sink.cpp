// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/network_sink.hpp"

#include "common/unique_fd.hpp"
#include "tests/bench/system_call.hpp"
#include "tests/support/command.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace nsd::bench {

namespace {

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

const sockaddr* generic(const sockaddr_in& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

UniqueFd newSocket() {
    return UniqueFd(must(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
}

std::uint16_t portOf(int socket) {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    must(::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length), "getsockname");
    return ntohs(address.sin_port);
}

UniqueFd bound() {
    auto socket = newSocket();
    const auto address = loopback(0);
    must(::bind(socket.get(), generic(address), sizeof address), "bind");
    return socket;
}

// One connection: MSG_TRUNC drops what is there.
void swallow(int connection) {
    std::array<char, 1> end{};
    constexpr std::size_t most = 1UL << 30;
    while (::recv(connection, nullptr, most, MSG_TRUNC) > 0) {
    }
    ::send(connection, end.data(), end.size(), MSG_NOSIGNAL);
    ::close(connection);
}

[[noreturn]] void serve(const std::string& pin, int report) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const UniqueFd net(must(::open(pin.c_str(), O_RDONLY | O_CLOEXEC), pin.c_str()));
    must(::setns(net.get(), CLONE_NEWNET), "setns");
    const auto socket = bound();
    must(::listen(socket.get(), SOMAXCONN), "listen");
    const auto port = portOf(socket.get());
    must(static_cast<int>(::write(report, &port, sizeof port)), "write");
    for (;;)
        swallow(must(::accept4(socket.get(), nullptr, nullptr, SOCK_CLOEXEC), "accept"));
}

} // namespace

NetworkSink::NetworkSink(const std::string& pin) {
    std::array<int, 2> report{};
    must(::pipe2(report.data(), O_CLOEXEC), "pipe");
    const UniqueFd read(report[0]);
    UniqueFd write(report[1]);
    pid_ = must(::fork(), "fork");
    if (pid_ == 0) {
        try {
            serve(pin, write.get());
        } catch (const std::exception&) {
            ::_exit(EXIT_FAILURE);
        }
    }
    write.reset();
    if (::read(read.get(), &port_, sizeof port_) != sizeof port_)
        throw std::runtime_error("the sink inside does not listen");
}

NetworkSink::~NetworkSink() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

std::uint16_t freePort() {
    return portOf(bound().get());
}

void awaitListener(std::uint16_t port) {
    const auto address = loopback(port);
    const auto isThere = [&] {
        const auto socket = newSocket();
        return ::connect(socket.get(), generic(address), sizeof address) == 0;
    };
    if (!test::eventually(isThere))
        throw std::runtime_error("nobody listens on port " + std::to_string(port));
}

void sendTo(std::uint16_t port, std::size_t bytes) {
    static const std::vector<char> piece(1UL << 20, 'x');
    const auto socket = newSocket();
    const auto address = loopback(port);
    must(::connect(socket.get(), generic(address), sizeof address), "connect");
    for (std::size_t left = bytes; left > 0;) {
        const auto sent = must(
            static_cast<int>(::send(socket.get(), piece.data(), std::min(left, piece.size()), MSG_NOSIGNAL)),
            "send");
        left -= static_cast<std::size_t>(sent);
    }
    must(::shutdown(socket.get(), SHUT_WR), "shutdown");
    char end = 0;
    if (::recv(socket.get(), &end, 1, 0) != 1)
        throw std::runtime_error("the sink inside has not had all");
}

} // namespace nsd::bench
