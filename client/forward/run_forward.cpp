// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/forward/run_forward.hpp"

#include "client/forward/entered_sockets.hpp"
#include "client/forward/event_queue.hpp"
#include "client/forward/forwarder.hpp"
#include "client/forward/namespace_line.hpp"
#include "common/error.hpp"

#include <csignal>
#include <optional>
#include <sys/resource.h>
#include <systemd/sd-daemon.h>

namespace nsd::client {
namespace {

void useAllDescriptors() noexcept {
    rlimit files{};
    if (::getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
    }
}

} // namespace

void runForward(ForwardRequest request) {
    std::signal(SIGPIPE, SIG_IGN); // splice(2) to who is gone
    useAllDescriptors();
    bool gone = false;
    EventQueue queue;
    NamespaceLine line(queue, request.bus, request.path, [&] { gone = true; });
    std::optional<EnteredSockets> entered;
    if (request.net)
        entered.emplace(std::move(request.net));
    for (auto& [family, socket] : request.sockets)
        line.add(family, std::move(socket));
    Forwarder forwarder(
        queue, entered ? static_cast<InsideSockets&>(*entered) : line, std::move(request.complain));
    for (auto& forward : request.forwards)
        forward.outside = forwarder.listen(forward);
    request.listening(request.forwards);
    sd_notify(0, "READY=1");
    while (!gone) {
        queue.turn(line.patience());
        line.keepUp();
        forwarder.sweep();
    }
    throw Error(Errc::NoSuchNamespace, "the namespace was destroyed");
}

} // namespace nsd::client
