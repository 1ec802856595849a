// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/nsid_watch.hpp"

#include "common/scope_guard.hpp"
#include "daemon/kernel/rtnetlink.hpp"

#include <exception>
#include <sys/epoll.h>
#include <utility>
#include <vector>

namespace nsd {

std::unique_ptr<NsidWatch::Ticket> NsidWatch::watch(int netNsFd, std::function<void()> died) {
    if (!socket_) {
        auto socket = rtnetlink::subscribe();
        source_ = loop_.watch(socket.get(), EPOLLIN, [this](std::uint32_t) { onReadable(); });
        socket_ = std::move(socket);
    }
    ScopeGuard closeIfItFails([this] { closeIfIdle(); });
    const auto nsid = rtnetlink::assignNsid(netNsFd);
    // The kernel gives the lowest free number: who waited for it under the same one is gone, though
    // its message may still stand in the socket.
    readSocket();
    removed(nsid);
    auto ticket = std::make_unique<Ticket>(*this, nsid);
    ticket->died_ = std::move(died);
    tickets_[nsid] = ticket.get();
    closeIfItFails.dismiss();
    return ticket;
}

void NsidWatch::forget(Ticket& ticket) noexcept {
    const auto found = tickets_.find(ticket.nsid_);
    if (found != tickets_.end() && found->second == &ticket)
        tickets_.erase(found);
    closeIfIdle();
}

// Never in the source's own handler, since what died is told by a post.
void NsidWatch::closeIfIdle() noexcept {
    if (!tickets_.empty())
        return;
    source_.reset();
    socket_.reset();
}

void NsidWatch::removed(std::int32_t nsid) {
    const auto found = tickets_.find(nsid);
    if (found == tickets_.end())
        return;
    auto* ticket = found->second;
    tickets_.erase(found);
    ticket->dead_ = true;
    loop_.post(ticket->died_);
}

void NsidWatch::onReadable() noexcept {
    try {
        readSocket();
    } catch (const std::exception&) {
        // Whoever waits runs out of patience and answers that it is not known to be gone; the next
        // watch opens a socket anew.
        source_.reset();
        socket_.reset();
    }
}

void NsidWatch::readSocket() {
    if (const auto events = rtnetlink::readEvents(socket_.get())) {
        for (const auto& event : *events)
            // One that is given anew was free, whoever gives it. And the kernel frees a number some time
            // before it says so: it may be another one's by then.
            if (tickets_.count(event.nsid) != 0 &&
                (event.change == rtnetlink::NsidChange::Added || !rtnetlink::nsidExists(event.nsid)))
                removed(event.nsid);
        return;
    }
    std::vector<std::int32_t> waited;
    for (const auto& [nsid, ticket] : tickets_)
        waited.push_back(nsid);
    for (const auto nsid : waited)
        if (!rtnetlink::nsidExists(nsid))
            removed(nsid);
}

} // namespace nsd
