// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/forward/connection.hpp"

#include <cerrno>
#include <cstdint>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <utility>

namespace nsd::client {
namespace {

// What comes in goes on at once; and a peer that has vanished without a word is found out.
void prepare(int socket) noexcept {
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

// The close that comes next is a reset.
void resetAtClose(int socket) noexcept {
    const linger now{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

Error unreachable(const Endpoint& target, int errnoValue) {
    return {Errc::KernelError,
        "nothing to be reached at " + textOf(target) + " inside: " + errnoText(errnoValue), errnoValue};
}

} // namespace

Connection::~Connection() {
    surroundings_.queue.forget(*this);
}

void Connection::watch(int fd) {
    surroundings_.queue.add(fd, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, *this);
}

void Connection::connect(UniqueFd inside) {
    inside_ = std::move(inside);
    prepare(outside_.get());
    prepare(inside_.get());
    phase_ = Phase::Connecting;
    try {
        const bool now = ::connect(inside_.get(), target_.get(), target_.length) == 0;
        if (!now && errno != EINPROGRESS) {
            fail(unreachable(target_, errno));
            return;
        }
        watch(inside_.get());
        if (now)
            onConnected();
    } catch (const Error& error) {
        fail(error);
    }
}

void Connection::fail(const std::optional<Error>& why) {
    if (phase_ == Phase::Over)
        return;
    phase_ = Phase::Over;
    for (const auto* socket : {&outside_, &inside_})
        if (*socket)
            resetAtClose(socket->get());
    surroundings_.over(*this, why);
}

void Connection::onConnected() {
    int error = 0;
    socklen_t length = sizeof error;
    if (::getsockopt(inside_.get(), SOL_SOCKET, SO_ERROR, &error, &length) != 0)
        error = errno;
    if (error != 0) {
        fail(unreachable(target_, error));
        return;
    }
    phase_ = Phase::Carrying;
    in_.emplace(surroundings_.pipes, outside_.get(), inside_.get());
    out_.emplace(surroundings_.pipes, inside_.get(), outside_.get());
    watch(outside_.get());
    carry();
}

void Connection::carry() {
    try {
        const auto in = in_->pump();
        const auto out = out_->pump();
        if (in == Stream::State::Ended && out == Stream::State::Ended) {
            phase_ = Phase::Over;
            surroundings_.over(*this, std::nullopt);
        } else if ((in == Stream::State::Busy || out == Stream::State::Busy) &&
                   !std::exchange(hasTurn_, true)) {
            surroundings_.queue.again(*this);
        }
    } catch (const Error&) {
        fail(std::nullopt); // of a peer, who knows
    }
}

void Connection::ready(std::uint32_t events) {
    if (events == 0)
        hasTurn_ = false;
    try {
        // A socket that connects is neither writable nor hung up before it knows.
        if (phase_ == Phase::Connecting && (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0)
            onConnected();
        else if (phase_ == Phase::Carrying)
            carry();
        // Nobody reads any more from a side that has said all, so that its failure is seen here alone.
        if (phase_ == Phase::Carrying && (events & EPOLLERR) != 0)
            fail(std::nullopt);
    } catch (const Error& error) {
        fail(error);
    }
}

} // namespace nsd::client
