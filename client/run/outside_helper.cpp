// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/run/outside_helper.hpp"

#include "client/enter/execute.hpp"
#include "client/run/user_maps.hpp"
#include "common/error.hpp"
#include "common/nsfs.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <exception>
#include <sys/socket.h>
#include <utility>

namespace nsd::client {
namespace {

constexpr char mapsWanted = 'm';
constexpr char adoptionWanted = 'a';
constexpr std::size_t mostFds = allNamespaceTypes.size();
constexpr std::size_t longestText = 4096;

struct Message {
    char request = 0;
    pid_t sender = 0; // as this process numbers it
    std::vector<UniqueFd> fds;
};

union Control {
    cmsghdr alignment;
    std::array<char, CMSG_SPACE(sizeof(int) * mostFds) + CMSG_SPACE(sizeof(ucred))> bytes;
};

void sendRequest(int socket, char request, const NamespaceFds& fds) {
    std::array<int, mostFds> raw{};
    std::size_t count = 0;
    for (const auto& [type, fd] : fds)
        raw.at(count++) = fd.get();
    Control control{};
    iovec part{&request, 1};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (count > 0) {
        message.msg_control = control.bytes.data();
        message.msg_controllen = CMSG_SPACE(sizeof(int) * count);
        auto* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * count);
        std::memcpy(CMSG_DATA(header), raw.data(), sizeof(int) * count);
    }
    if (::sendmsg(socket, &message, MSG_NOSIGNAL) < 0)
        throw kernelError("ask", "the helper outside", errno);
}

// False: the other end is closed.
bool receiveRequest(int socket, Message& received) {
    Control control{};
    iovec part{&received.request, 1};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.bytes.data();
    message.msg_controllen = control.bytes.size();
    ssize_t size = 0;
    do {
        size = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    } while (size < 0 && errno == EINTR);
    if (size <= 0)
        return false;
    for (auto* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_type == SCM_CREDENTIALS) {
            ucred credentials{};
            std::memcpy(&credentials, CMSG_DATA(header), sizeof credentials);
            received.sender = credentials.pid;
        } else if (header->cmsg_type == SCM_RIGHTS) {
            std::array<int, mostFds> raw{};
            const auto bytes = std::min(header->cmsg_len - CMSG_LEN(0), sizeof raw);
            std::memcpy(raw.data(), CMSG_DATA(header), bytes);
            for (std::size_t i = 0; i < bytes / sizeof(int); ++i)
                received.fds.emplace_back(raw.at(i));
        }
    }
    return true;
}

} // namespace

void OutsideRequests::ask(char request, const NamespaceFds& fds) {
    sendRequest(socket_.get(), request, fds);
    std::array<char, longestText> text{};
    ssize_t size = 0;
    do {
        size = ::recv(socket_.get(), text.data(), text.size(), 0);
    } while (size < 0 && errno == EINTR);
    if (size <= 0)
        throw Error(Errc::KernelError, "the helper outside is gone");
    // One byte, '+', or what failed.
    if (text.front() != '+')
        throw Error(Errc::KernelError, std::string(text.data(), static_cast<std::size_t>(size)));
}

void OutsideRequests::writeMaps() {
    ask(mapsWanted, {});
}

void OutsideRequests::adopt(const NamespaceFds& fds) {
    ask(adoptionWanted, fds);
}

OutsideHelper::OutsideHelper(const RunRequest& request, UniqueFd socket)
    : request_(request), socket_(std::move(socket)) {
    constexpr int on = 1;
    if (::setsockopt(socket_.get(), SOL_SOCKET, SO_PASSCRED, &on, sizeof on) != 0)
        throw kernelError("setsockopt", "SO_PASSCRED", errno);
}

void OutsideHelper::begin() noexcept {
    try {
        serve();
    } catch (const std::exception& error) {
        complain(request_.what, error.what());
    }
    socket_.reset();
    if (lease_)
        lease_->begin();
}

bool OutsideHelper::look() noexcept {
    return lease_ && lease_->look();
}

void OutsideHelper::serve() {
    for (;;) {
        Message message;
        if (!receiveRequest(socket_.get(), message))
            return;
        NamespaceFds fds;
        for (auto& fd : message.fds) {
            const auto type = identifyNamespace(fd.get()).type;
            fds.emplace(type, std::move(fd));
        }
        auto text = answer(message.request, message.sender, fds);
        text.resize(std::min(text.size(), longestText));
        if (::send(socket_.get(), text.data(), text.size(), MSG_NOSIGNAL) < 0)
            return;
    }
}

std::string OutsideHelper::answer(char request, pid_t sender, const NamespaceFds& fds) {
    try {
        if (request == mapsWanted)
            writeUserMaps(request_, sender);
        else
            adopt(fds);
        return "+";
    } catch (const std::exception& error) {
        return error.what();
    }
}

void OutsideHelper::adopt(const NamespaceFds& fds) {
    const auto& wanted = *request_.wanted;
    const auto client = wanted.connect();
    CreateOptions options;
    options.lease = !wanted.keep;
    static_cast<void>(client->adopt(wanted.name, fds, options));
    if (!wanted.keep)
        lease_.emplace(request_.what, client->hold(wanted.name));
}

} // namespace nsd::client
