// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/cni/attachment_work.hpp"

#include "common/error.hpp"
#include "daemon/cni/chain.hpp"
#include "daemon/cni/child_program.hpp"
#include "daemon/cni/plugin_process.hpp"
#include "daemon/protocol/channel.hpp"
#include "daemon/protocol/plugin_messages.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <exception>
#include <string>
#include <sys/file.h>
#include <sys/time.h>
#include <unistd.h>

namespace nsd::cni {
namespace {

void lock(int record, std::chrono::milliseconds patience) {
    struct sigaction interrupt {};
    interrupt.sa_handler = [](int) {}; // without SA_RESTART: flock(2) ends with EINTR
    ::sigaction(SIGALRM, &interrupt, nullptr);
    itimerval timer{};
    timer.it_value.tv_sec = patience.count() / 1000;
    timer.it_value.tv_usec = (patience.count() % 1000) * 1000;
    ::setitimer(ITIMER_REAL, &timer, nullptr);
    const bool locked = ::flock(record, LOCK_EX) == 0;
    const int error = errno;
    timer = {};
    ::setitimer(ITIMER_REAL, &timer, nullptr);
    if (!locked && error == EINTR)
        throw Error(Errc::TimedOut, "cni: another run for the same namespace does not end");
    if (!locked)
        throw kernelError("lock", "the record of a namespace's network", error);
}

std::string readAll(int record) {
    std::string text;
    std::array<char, 4096> bytes{};
    for (;;) {
        const auto count = ::pread(record, bytes.data(), bytes.size(), static_cast<off_t>(text.size()));
        if (count < 0)
            throw kernelError("read", "the record of a namespace's network", errno);
        if (count == 0)
            return text;
        text.append(bytes.data(), static_cast<std::size_t>(count));
        if (text.size() > maxAttachment)
            throw Error(Errc::LimitExceeded, "the record of a namespace's network is too long");
    }
}

void append(int record, const std::string& line) {
    const auto written = ::write(record, line.data(), line.size());
    if (written < 0)
        throw kernelError("write", "the record of a namespace's network", errno);
    if (static_cast<std::size_t>(written) != line.size())
        throw kernelError("write", "the record of a namespace's network", ENOSPC);
}

void runChain(const protocol::PluginRequest& request, int record, int client) {
    lock(record, request.timeout);
    const auto attachment = parseNetworkAttachment(readAll(record));
    const PluginProcesses processes(request, attachment, client);
    const auto run = [&](const PluginCall& call) { return processes.run(call); };
    if (request.add)
        addToNetwork(attachment, run, [&](const std::string& plugin, const std::string& result) {
            append(record, resultLine(plugin, result));
        });
    else
        removeFromNetwork(attachment, run);
}

} // namespace

void work(int client) {
    const auto packet = protocol::receivePacket(client);
    if (!packet)
        return; // given up before it began
    Outcome<Done> reply = Done{};
    try {
        const auto request = protocol::decodePluginRequest(packet->text);
        if (packet->fds.size() != 1)
            throw Error(Errc::KernelError, "an nsd-cni's request comes with one descriptor");
        runChain(request, packet->fds.front().get(), client);
    } catch (const Error& error) {
        reply = error;
    } catch (const std::exception& error) {
        reply = Error(Errc::KernelError, std::string("cni: ") + error.what());
    }
    killOrphans();
    protocol::sendPacket(client, protocol::encode(reply), {});
}

} // namespace nsd::cni
