// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/child_process.hpp"

#include "common/error.hpp"
#include "daemon/protocol/channel.hpp"
#include "daemon/protocol/messages.hpp"

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace nsd::worker {
namespace {

// The first character of each packet from a child says what the rest is.
constexpr char isText = '+';
constexpr char isError = '-';

int reap(pid_t pid) noexcept {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return status;
}

[[noreturn]] void runChild(
    UniqueFd socket, pid_t parent, const std::function<void(ParentChannel&)>& work) noexcept {
    const int raw = socket.get();
    try {
        ParentChannel channel(std::move(socket), parent);
        channel.dieWithParent();
        try {
            work(channel);
        } catch (const Error& error) {
            protocol::sendPacket(raw, isError + protocol::encode(protocol::Reply(error)), {});
        } catch (const std::exception& error) {
            const Error wrapped(Errc::KernelError, error.what());
            protocol::sendPacket(raw, isError + protocol::encode(protocol::Reply(wrapped)), {});
        }
    } catch (const std::exception&) {
        ::_exit(EXIT_FAILURE); // the parent is gone, or sees the end of the socket
    }
    // Not exit(3): what was registered there is the parent's to run.
    ::_exit(EXIT_SUCCESS);
}

} // namespace

ParentChannel::ParentChannel(UniqueFd socket, pid_t parent) noexcept
    : socket_(std::move(socket)), parent_(parent) {}

void ParentChannel::tell(const std::string& text) const {
    protocol::sendPacket(socket_.get(), isText + text, {});
}

void ParentChannel::give(int fd) const {
    protocol::sendPacket(socket_.get(), std::string{isText}, {fd});
}

void ParentChannel::ask(const std::string& text) const {
    static_cast<void>(askFor(text));
}

std::string ParentChannel::askFor(const std::string& text) const {
    tell(text);
    auto answer = protocol::receivePacket(socket_.get());
    if (!answer)
        ::_exit(EXIT_FAILURE);
    return std::move(answer->text);
}

void ParentChannel::waitForEnd() const {
    static_cast<void>(protocol::receivePacket(socket_.get()));
    ::_exit(EXIT_SUCCESS);
}

void ParentChannel::dieWithParent() const {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        throw kernelError("set", "the signal at the parent's death", errno);
    // It may have died before the call above. In another pid namespace every parent is 0, dead or alive;
    // but the dead one has closed its side.
    pollfd channel{socket_.get(), 0, 0};
    const bool isClosed = ::poll(&channel, 1, 0) != 0;
    if (const auto now = ::getppid(); isClosed || (now != parent_ && now != 0))
        ::_exit(EXIT_FAILURE);
}

ChildProcess::ChildProcess(const std::function<void(ParentChannel&)>& work) {
    auto [ours, theirs] = protocol::socketPair();
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0)
        throw kernelError("fork", "a child of the worker", errno);
    if (pid_ == 0) {
        ours.reset(); // else it would never see the end of the socket
        runChild(std::move(theirs), parent, work);
    }
    socket_ = std::move(ours);
}

ChildProcess::~ChildProcess() {
    if (pid_ > 0 && ::kill(pid_, SIGKILL) == 0)
        reap(pid_);
}

std::string ChildProcess::receive() {
    return receivePacket().text;
}

UniqueFd ChildProcess::receiveFd() {
    auto packet = receivePacket();
    if (packet.fds.size() != 1)
        throw Error(Errc::KernelError, "a child of the worker gave no descriptor");
    return std::move(packet.fds.front());
}

std::optional<std::string> ChildProcess::receiveOrEnd() {
    auto packet = nextPacket();
    return packet ? std::optional(std::move(packet->text)) : std::nullopt;
}

protocol::Packet ChildProcess::receivePacket() {
    auto packet = nextPacket();
    if (!packet)
        throw Error(Errc::KernelError, describeDeath());
    return std::move(*packet);
}

std::optional<protocol::Packet> ChildProcess::nextPacket() {
    auto packet = protocol::receivePacket(socket_.get());
    if (!packet || packet->text.empty())
        return std::nullopt;
    const char kind = packet->text.front();
    packet->text.erase(0, 1);
    if (kind == isText)
        return packet;
    const auto reply = protocol::decodeReply(packet->text);
    if (const auto* error = std::get_if<Error>(&reply))
        throw *error;
    throw Error(Errc::KernelError, "a child of the worker said nothing that makes sense");
}

void ChildProcess::continueChild() const {
    answer({});
}

void ChildProcess::answer(const std::string& text) const {
    protocol::sendPacket(socket_.get(), text, {});
}

std::string ChildProcess::describeDeath() {
    const int status = reap(std::exchange(pid_, -1));
    const std::string what = "a child of the worker ended before its work was done: ";
    return WIFSIGNALED(status) ? what + "signal " + std::to_string(WTERMSIG(status))
                               : what + "exit status " + std::to_string(WEXITSTATUS(status));
}

std::string runInChild(const std::function<std::string()>& work) {
    ChildProcess child([&](ParentChannel& parent) { parent.tell(work()); });
    return child.receive();
}

} // namespace nsd::worker
