// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/notify_socket.hpp"

#include <array>
#include <cerrno>
#include <poll.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/un.h>
#include <system_error>
#include <unistd.h>

namespace nsd::test {

NotifySocket::NotifySocket(std::filesystem::path path)
    : path_(std::move(path)), socket_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path_.string().copy(address.sun_path, sizeof(address.sun_path) - 1);
    ::unlink(path_.c_str());
    if (!socket_ || ::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)) != 0)
        throw std::system_error(errno, std::generic_category(), "bind " + path_.string());
}

NotifySocket::~NotifySocket() {
    ::unlink(path_.c_str());
}

NotifySocket::Result NotifySocket::waitForReady(int pidfd, std::chrono::milliseconds timeout) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        std::array<pollfd, 2> fds{{{socket_.get(), POLLIN, 0}, {pidfd, POLLIN, 0}}};
        if (left.count() <= 0 || ::poll(fds.data(), fds.size(), static_cast<int>(left.count())) == 0)
            return Result::TimedOut;
        std::array<char, 4096> buffer{};
        const auto size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        const std::string_view message(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
        if (message.find("READY=1") != std::string_view::npos)
            return Result::Ready;
        if (fds[1].revents != 0)
            return Result::ProcessEnded;
    }
}

std::vector<std::string> NotifySocket::takeAll() const {
    std::vector<std::string> messages;
    std::array<char, 4096> buffer{};
    for (ssize_t size = 0; (size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0)) > 0;)
        messages.emplace_back(buffer.data(), static_cast<std::size_t>(size));
    return messages;
}

std::string NotifySocket::waitFor(std::string_view part, std::chrono::milliseconds timeout) const {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        pollfd readable{socket_.get(), POLLIN, 0};
        if (left.count() <= 0 || ::poll(&readable, 1, static_cast<int>(left.count())) <= 0)
            return {};
        std::array<char, 4096> buffer{};
        const auto size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
        std::string message(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
        if (message.find(part) != std::string::npos)
            return message;
    }
}

} // namespace nsd::test
