// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/exec/terminal_relay.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace nsd::client {
namespace {

constexpr std::size_t chunk = 4096; // the kernel's buffer of a terminal
constexpr char escapeKey = '\x1d';  // ^]
constexpr int escapeCount = 3;
constexpr std::chrono::seconds escapeTime{1};

// Where the user looks: the first of these that is a terminal.
int userOutput() noexcept {
    for (const int fd : {STDOUT_FILENO, STDERR_FILENO})
        if (::isatty(fd) != 0)
            return fd;
    return STDIN_FILENO;
}

// As an open file of its own, for O_NONBLOCK is everybody's who shares one; a terminal that belongs to
// somebody else (su) cannot be opened, and is written to as it is.
UniqueFd openOutput() {
    const int fd = userOutput();
    UniqueFd own(::open(
        ("/proc/self/fd/" + std::to_string(fd)).c_str(), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    return own ? std::move(own) : duplicateFd(fd);
}

bool isTemporary(int problem) noexcept {
    return problem == EAGAIN || problem == EINTR;
}

} // namespace

TerminalRelay::TerminalRelay()
    : user_(STDIN_FILENO), pair_(openPseudoTerminal(user_.modes(), user_.size())), output_(openOutput()) {}

void TerminalRelay::begin() {
    pair_.slave.reset();
    attach();
}

void TerminalRelay::attach() noexcept {
    if (over_ || !user_.isOurs())
        return;
    user_.takeOver();
    attached_ = true;
    resize();
}

void TerminalRelay::detach() noexcept {
    user_.giveBack();
    attached_ = false;
}

void TerminalRelay::resize() const noexcept {
    const auto size = user_.size();
    if (pair_.master)
        ::ioctl(pair_.master.get(), TIOCSWINSZ, &size);
}

void TerminalRelay::hangUp() noexcept {
    end();
    pair_.master.reset();
}

void TerminalRelay::end() noexcept {
    over_ = true;
    toInside_.clear();
    detach();
}

void TerminalRelay::prepare(Polls& polls) const noexcept {
    const auto wants = [](int fd, int events) {
        return pollfd{events != 0 ? fd : -1, static_cast<short>(events), 0};
    };
    const int open = (toUser_.empty() ? POLLIN : 0) | (toInside_.empty() ? 0 : POLLOUT);
    const int inside = over_ ? 0 : open;
    polls = {wants(user_.fd(), attached_ && toInside_.size() < chunk ? POLLIN : 0),
        wants(pair_.master.get(), inside), wants(output_.get(), toUser_.empty() ? 0 : POLLOUT)};
}

void TerminalRelay::work(const Polls& polls) {
    const auto& [keys, inside, output] = polls;
    if (keys.revents != 0)
        readKeys();
    if ((inside.revents & POLLHUP) != 0)
        toInside_.clear(); // nobody is there to read it
    if ((inside.revents & POLLOUT) != 0)
        writeInside();
    const bool isDue = output.revents != 0;
    if (isDue || (inside.revents != 0 && toUser_.empty() && readInside()))
        writeUser();
}

void TerminalRelay::readKeys() {
    std::array<char, chunk> buffer{};
    const auto count = ::read(user_.fd(), buffer.data(), buffer.size());
    if (count > 0) {
        const std::string_view keys(buffer.data(), static_cast<std::size_t>(count));
        noticeEscape(keys);
        toInside_ += keys;
    } else if (count == 0 || (!isTemporary(errno) && user_.isOurs())) {
        hangUp(); // the user's own terminal has gone
    } else if (!isTemporary(errno)) {
        detach(); // EIO, as SIGTTIN is blocked: in the background by now
    }
}

void TerminalRelay::noticeEscape(std::string_view keys) {
    const auto now = std::chrono::steady_clock::now();
    for (const char key : keys) {
        if (key != escapeKey) {
            escapes_ = 0;
            continue;
        }
        if (escapes_ == 0 || now - firstEscape_ > escapeTime) {
            escapes_ = 0;
            firstEscape_ = now;
        }
        left_ = left_ || ++escapes_ == escapeCount;
    }
}

void TerminalRelay::writeInside() noexcept {
    const auto count = ::write(pair_.master.get(), toInside_.data(), toInside_.size());
    if (count > 0)
        toInside_.erase(0, static_cast<std::size_t>(count));
    else if (!isTemporary(errno))
        toInside_.clear();
}

bool TerminalRelay::readInside() {
    std::array<char, chunk> buffer{};
    const auto count = ::read(pair_.master.get(), buffer.data(), buffer.size());
    if (count > 0)
        toUser_.append(buffer.data(), static_cast<std::size_t>(count));
    else if (count == 0 || !isTemporary(errno))
        end(); // EIO: nobody inside has it open any more. Closed here as well, it would still send SIGHUP.
    return count > 0;
}

bool TerminalRelay::writeUser() noexcept {
    const auto count = ::write(output_.get(), toUser_.data(), toUser_.size());
    if (count > 0)
        toUser_.erase(0, static_cast<std::size_t>(count));
    else if (count < 0 && !isTemporary(errno))
        toUser_.clear();
    return toUser_.empty();
}

bool TerminalRelay::flush() {
    while (toUser_.empty() || writeUser())
        if (over_ || !readInside())
            return true;
    return false;
}

} // namespace nsd::client
