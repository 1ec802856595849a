// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/protocol/channel.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

namespace nsd::protocol {
namespace {

// A socket buffer takes about 200 KiB, in one piece of kernel memory. A list of holders may be
// longer: such a text travels in a memfd, as the last descriptor.
constexpr std::size_t maxInline = 32UL * 1024;
constexpr std::size_t maxText = 64UL * 1024 * 1024;
constexpr char inlineTag = 'I';
constexpr char memfdTag = 'M';

using ControlBuffer = std::array<char, CMSG_SPACE((maxFds + 1) * sizeof(int))>;

UniqueFd toMemfd(const std::string& text) {
    if (text.size() > maxText)
        throw Error(Errc::LimitExceeded,
            "a message of " + std::to_string(text.size()) + " bytes is too large for a worker", EMSGSIZE);
    UniqueFd memfd(::memfd_create("nsd-message", MFD_CLOEXEC));
    if (!memfd)
        throw kernelError("make", "a memfd for a message", errno);
    for (std::size_t done = 0; done < text.size();) {
        const auto written = ::write(memfd.get(), text.data() + done, text.size() - done);
        if (written < 0)
            throw kernelError("write", "a message into a memfd", errno);
        done += static_cast<std::size_t>(written);
    }
    return memfd;
}

std::string fromMemfd(int memfd) {
    struct stat status {};
    if (::fstat(memfd, &status) != 0)
        throw kernelError("fstat", "of a message's memfd", errno);
    if (status.st_size < 0 || static_cast<std::size_t>(status.st_size) > maxText)
        throw Error(
            Errc::KernelError, "a message says that it is " + std::to_string(status.st_size) + " bytes long");
    std::string text(static_cast<std::size_t>(status.st_size), '\0');
    for (std::size_t done = 0; done < text.size();) {
        const auto got = ::pread(memfd, text.data() + done, text.size() - done, static_cast<off_t>(done));
        if (got < 0)
            throw kernelError("read", "a message from a memfd", errno);
        if (got == 0)
            throw Error(Errc::KernelError, "a message in a memfd ends too early");
        done += static_cast<std::size_t>(got);
    }
    return text;
}

// Owns every descriptor that came, before anything can be found wrong with the message.
std::vector<UniqueFd> takeFds(msghdr& message) {
    std::vector<UniqueFd> fds;
    for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
            continue;
        const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (std::size_t i = 0; i < count; ++i) {
            int fd = -1;
            std::memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof fd);
            fds.emplace_back(fd);
        }
    }
    return fds;
}

void putFds(msghdr& message, ControlBuffer& control, const std::vector<int>& fds) {
    if (fds.empty())
        return;
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(fds.size() * sizeof(int));
    auto* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
    std::memcpy(CMSG_DATA(header), fds.data(), fds.size() * sizeof(int));
}

} // namespace

std::pair<UniqueFd, UniqueFd> socketPair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0)
        throw kernelError("make", "a pair of sockets", errno);
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

void sendPacket(int socket, const std::string& text, const std::vector<int>& fds) {
    if (fds.size() > maxFds)
        throw Error(Errc::LimitExceeded,
            std::to_string(fds.size()) + " descriptors are too many for one message to a worker", EMSGSIZE);
    auto sent = fds;
    char tag = inlineTag;
    UniqueFd memfd;
    if (text.size() > maxInline) {
        memfd = toMemfd(text);
        sent.push_back(memfd.get());
        tag = memfdTag;
    }
    // sendmsg(2) does not write to what it is given; iovec serves both directions.
    std::array<iovec, 2> parts{iovec{&tag, 1}, iovec{const_cast<char*>(text.data()), text.size()}};
    alignas(cmsghdr) ControlBuffer control{};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = memfd ? 1 : 2;
    putFds(message, control, sent);
    ssize_t done = -1;
    do
        done = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    while (done < 0 && errno == EINTR);
    if (done >= 0)
        return;
    if (errno == EMSGSIZE || errno == ETOOMANYREFS)
        throw Error(Errc::LimitExceeded, "send to a worker: " + errnoText(errno), errno);
    throw kernelError("send", "to a worker", errno);
}

std::optional<Packet> receivePacket(int socket) {
    std::array<char, 1 + maxInline> buffer; // NOLINT(cppcoreguidelines-pro-type-member-init): 32 KiB
    iovec part{buffer.data(), buffer.size()};
    alignas(cmsghdr) ControlBuffer control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    ssize_t got = -1;
    // A side that went without reading all leaves ECONNRESET, once, in front of its last messages.
    do
        got = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && (errno == EINTR || errno == ECONNRESET));
    if (got == 0) // a message has its tag at least
        return std::nullopt;
    if (got < 0)
        throw kernelError("receive", "from a worker's socket", errno);
    Packet packet;
    packet.fds = takeFds(message);
    if ((message.msg_flags & MSG_CTRUNC) != 0)
        throw Error(Errc::LimitExceeded, "descriptors of a message were lost: " + errnoText(EMFILE), EMFILE);
    if ((message.msg_flags & MSG_TRUNC) != 0)
        throw Error(Errc::KernelError, "a message is longer than either side sends", EMSGSIZE);
    if (buffer.front() == inlineTag) {
        packet.text.assign(buffer.data() + 1, static_cast<std::size_t>(got) - 1);
    } else if (buffer.front() == memfdTag && !packet.fds.empty()) {
        packet.text = fromMemfd(packet.fds.back().get());
        packet.fds.pop_back();
    } else {
        throw Error(Errc::KernelError, "a message begins with neither tag");
    }
    return packet;
}

} // namespace nsd::protocol
