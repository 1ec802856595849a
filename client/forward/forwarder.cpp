// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/forward/forwarder.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <utility>

namespace nsd::client {
namespace {

constexpr int fairShare = 64; // connections accepted before others have their turn

UniqueFd openListener(const Endpoint& endpoint) {
    UniqueFd socket(::socket(endpoint.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP));
    if (!socket)
        throw kernelError("make", "a socket", errno);
    const int on = 1;
    // So that it can start again while connections of the last one linger; and so that [::] is not 0.0.0.0,
    // too.
    ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (endpoint.family() == AF_INET6)
        ::setsockopt(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    if (::bind(socket.get(), endpoint.get(), endpoint.length) != 0 || ::listen(socket.get(), SOMAXCONN) != 0)
        throw Error(Errc::KernelError,
            "cannot listen on " + textOf(endpoint) + ": " +
                (errno == EADDRINUSE ? "another program does already" : errnoText(errno)),
            errno);
    return socket;
}

Endpoint endpointOf(int socket) {
    Endpoint endpoint;
    endpoint.length = sizeof endpoint.address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&endpoint.address), &endpoint.length) != 0)
        throw kernelError("ask for the address of", "a socket", errno);
    return endpoint;
}

} // namespace

class Forwarder::Listener final : public EventQueue::Handler {
  public:
    Listener(Forwarder& forwarder, UniqueFd opened, const Endpoint& inside)
        : socket(std::move(opened)), target(inside), forwarder_(forwarder) {}
    void ready(std::uint32_t /*events*/) override {
        for (int i = 0; i < fairShare && forwarder_.accept(*this); ++i) {
        }
    }
    UniqueFd socket;
    Endpoint target;

  private:
    Forwarder& forwarder_;
};

Forwarder::Forwarder(EventQueue& queue, InsideSockets& sockets, Complain complain)
    : queue_(queue),
      sockets_(sockets),
      complain_(std::move(complain)),
      surroundings_{queue, pipes_,
          [this](Connection& connection, const std::optional<Error>& why) { onOver(connection, why); }} {}

Forwarder::~Forwarder() = default;

Endpoint Forwarder::listen(const Forward& forward) {
    auto listener = std::make_unique<Listener>(*this, openListener(forward.outside), forward.inside);
    const auto endpoint = endpointOf(listener->socket.get());
    queue_.add(listener->socket.get(), EPOLLIN, *listener);
    listeners_.push_back(std::move(listener));
    return endpoint;
}

bool Forwarder::accept(Listener& listener) {
    UniqueFd outside(::accept4(listener.socket.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (!outside) {
        if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            pause(true);
        return false;
    }
    begin(std::move(outside), listener.target);
    return true;
}

// The connection is there until its question is answered, whoever goes meanwhile.
void Forwarder::begin(UniqueFd outside, const Endpoint& target) {
    auto& connection = connections_.emplace_back(surroundings_, std::move(outside), target);
    sockets_.ask(target.family(), [&connection](Outcome<UniqueFd> socket) {
        if (socket.ok())
            connection.connect(std::move(socket).value());
        else
            connection.fail(socket.error());
    });
}

void Forwarder::pause(bool paused) {
    if (paused_ == paused)
        return;
    paused_ = paused;
    for (const auto& listener : listeners_)
        queue_.change(listener->socket.get(), paused ? 0U : std::uint32_t{EPOLLIN}, *listener);
}

void Forwarder::onOver(Connection& connection, const std::optional<Error>& why) {
    over_.push_back(&connection);
    if (why && why->text() != lastComplaint_) {
        lastComplaint_ = why->text();
        complain_(lastComplaint_);
    }
}

void Forwarder::sweep() {
    if (over_.empty())
        return;
    const auto isOver = [&](const Connection& connection) {
        return std::find(over_.begin(), over_.end(), &connection) != over_.end();
    };
    connections_.remove_if(isOver);
    over_.clear();
    pause(false);
}

} // namespace nsd::client
