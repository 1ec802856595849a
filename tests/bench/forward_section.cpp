// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/network_sink.hpp"
#include "tests/bench/sections.hpp"
#include "tests/bench/stage.hpp"

#include <cstdint>
#include <string>

namespace nsd::bench {

namespace {

// Through one connection, until the sink has taken all of it.
constexpr std::size_t much = 256UL * 1024 * 1024;
constexpr std::size_t little = 1;

std::string listenerOf(std::uint16_t port) {
    return "TCP-LISTEN:" + std::to_string(port) + ",bind=127.0.0.1,reuseaddr,backlog=128,fork";
}

// Without a process between the connection and the socat inside, and with buffers as large as it likes.
test::Arguments cheapestSocat(std::uint16_t port, const std::string& pin, std::uint16_t inside) {
    return {"socat", listenerOf(port),
        "EXEC:nsenter --net=" + pin + " socat -b 262144 STDIO \"TCP:127.0.0.1:" + std::to_string(inside) +
            "\",nofork"};
}

// As people write it.
test::Arguments usualSocat(std::uint16_t port, const std::string& pin, std::uint16_t inside) {
    return {"socat", listenerOf(port),
        "EXEC:nsenter --net=" + pin + " socat STDIO \"TCP:127.0.0.1:" + std::to_string(inside) + "\""};
}

} // namespace

Rows measureForward(Depth depth) {
    const bool quick = depth == Depth::Quick;
    const Effort bulk = quick ? Effort{4, 1, 1} : Effort{20, 1, 2};
    const Effort connections = quick ? Effort{4, 20, 5} : Effort{20, 50, 20};
    constexpr double target = 1.0;
    const Stage stage;
    stage.bus().create("bench", "net");
    const auto pin = stage.daemon().pin("bench", "net").string();
    const NetworkSink sink(pin);

    const auto port = freePort();
    const test::BackgroundProcess ours({test::TestDaemon::binary("nsctl"), "--bus=" + stage.address(),
        "forward", "bench", "tcp:127.0.0.1:" + std::to_string(port) + ":" + std::to_string(sink.port())});
    const auto cheapPort = freePort();
    const test::BackgroundProcess cheap(cheapestSocat(cheapPort, pin, sink.port()));
    const auto usualPort = freePort();
    const test::BackgroundProcess usual(usualSocat(usualPort, pin, sink.port()));
    for (const auto each : {port, cheapPort, usualPort})
        awaitListener(each);

    const auto compare = [&](const Effort& effort, std::uint16_t other, std::size_t bytes) {
        return interleave(
            effort, {[&] { sendTo(port, bytes); }, {}, {}}, {[&] { sendTo(other, bytes); }, {}, {}});
    };
    return {
        ratioRow("forward-bulk", "256 MiB through nsctl forward", "through socat, its cheapest way",
            compare(bulk, cheapPort, much), target),
        ratioRow("forward-bulk-usual", "256 MiB through nsctl forward", "through socat as it is written",
            compare(bulk, usualPort, much), target),
        ratioRow("forward-connection", "a connection with one byte", "the same through socat",
            compare(connections, cheapPort, little), target),
    };
}

} // namespace nsd::bench
