// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/worker.hpp"

#include "common/error.hpp"
#include "daemon/protocol/channel.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

std::string describeStatus(int status) {
    if (WIFSIGNALED(status))
        return "was killed by signal " + std::to_string(WTERMSIG(status));
    return "ended with status " + std::to_string(WEXITSTATUS(status));
}

} // namespace

Worker::Worker(Loop& loop, const std::string& path, std::vector<std::string> arguments,
    const std::vector<int>& fds, Handlers handlers)
    : handlers_(std::move(handlers)) {
    auto [ours, theirs] = protocol::socketPair();
    // Theirs blocks: a worker has nothing else to do.
    if (::fcntl(ours.get(), F_SETFL, O_NONBLOCK) != 0)
        throw kernelError("fcntl", "of a worker's socket", errno);
    std::vector<int> given{theirs.get()};
    given.insert(given.end(), fds.begin(), fds.end());
    socket_ = std::move(ours);
    socketSource_ = loop.watch(socket_.get(), EPOLLIN, [this](std::uint32_t) { onSocket(); });
    process_ = spawn({path, std::move(arguments), std::move(given)});
    try {
        exitSource_ = loop.onExit(process_.pid, [this](int status) { onExit(status); });
    } catch (...) {
        kill();
        throw;
    }
}

Worker::~Worker() {
    kill();
}

void Worker::send(const protocol::Request& request, const std::vector<int>& fds) {
    protocol::sendPacket(socket_.get(), protocol::encode(request), fds);
}

void Worker::kill() noexcept {
    socketSource_.reset();
    if (!ended_ && process_.pidfd)
        ::syscall(SYS_pidfd_send_signal, process_.pidfd.get(), SIGKILL, nullptr, 0);
}

// False once the other side is gone.
bool Worker::readReplies() {
    while (socketSource_) {
        std::vector<UniqueFd> fds;
        std::optional<Outcome<protocol::Reply>> reply;
        try {
            auto packet = protocol::receivePacket(socket_.get());
            if (!packet)
                return false;
            fds = std::move(packet->fds);
            reply.emplace(protocol::decodeReply(packet->text));
        } catch (const Error& error) {
            if (error.errnoValue() == EAGAIN)
                return true;
            reply.emplace(error);
        }
        handlers_.replied(std::move(*reply), std::move(fds));
    }
    return true;
}

void Worker::onSocket() {
    // Gone, but perhaps not dead: it lost its socket, so nobody will hear of it again.
    if (!readReplies())
        kill();
}

void Worker::onExit(int status) {
    // What it said last counts, also if the loop hears of the death first.
    if (socketSource_)
        static_cast<void>(readReplies());
    ended_ = true;
    socketSource_.reset();
    handlers_.ended(describeStatus(status));
}

} // namespace nsd
