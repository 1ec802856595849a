// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/forward/connection.hpp"
#include "client/forward/inside_sockets.hpp"

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <vector>

namespace nsd::client {

// Listens outside and leads whoever comes inside. Owns the listening sockets and the connections; as many as
// there are descriptors for, then nobody new is accepted until one has ended.
class Forwarder {
  public:
    using Complain = std::function<void(const std::string&)>;
    // What is given outlives this. `complain` is told why connections fail, once for each reason in a row.
    Forwarder(EventQueue& queue, InsideSockets& sockets, Complain complain);
    ~Forwarder();
    Forwarder(const Forwarder&) = delete;
    Forwarder& operator=(const Forwarder&) = delete;

    // Answers where it listens, which has a port for certain. Throws Error.
    Endpoint listen(const Forward& forward);
    // Behind each turn of the queue: frees what has ended in it.
    void sweep();
    [[nodiscard]] std::size_t connections() const noexcept { return connections_.size(); }

  private:
    class Listener;
    // False: there is nobody more, or no descriptor for him.
    bool accept(Listener& listener);
    void begin(UniqueFd outside, const Endpoint& target);
    void pause(bool paused);
    void onOver(Connection& connection, const std::optional<Error>& why);

    EventQueue& queue_;
    InsideSockets& sockets_;
    Complain complain_;
    PipePool pipes_;
    Connection::Surroundings surroundings_;
    std::vector<std::unique_ptr<Listener>> listeners_;
    std::list<Connection> connections_;
    std::vector<Connection*> over_;
    bool paused_ = false;
    std::string lastComplaint_;
};

} // namespace nsd::client
