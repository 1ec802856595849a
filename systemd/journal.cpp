// SPDX-License-Identifier: LGPL-2.1-or-later
#include "systemd/journal.hpp"

#include "common/unique_fd.hpp"

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <exception>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace nsd::journal {
namespace {

// Fixed by systemd's native journal protocol, as is the form of an entry: each field a line, or, where
// its value has lines of its own, its name, the value's length (64 bits, little-endian) and the value.
const sockaddr_un journal{AF_UNIX, "/run/systemd/journal/socket"};

void appendField(std::string& entry, const std::string& field) {
    const auto equals = field.find('=');
    const auto size = field.size() - (equals + 1);
    if (field.find('\n') == std::string::npos) {
        entry += field;
    } else {
        entry.append(field, 0, equals).push_back('\n');
        for (unsigned shift = 0; shift < 64; shift += 8)
            entry.push_back(static_cast<char>(static_cast<std::uint64_t>(size) >> shift & 0xff));
        entry.append(field, equals + 1);
    }
    entry.push_back('\n');
}

} // namespace

// JOURNAL_STREAM is "device:inode" of the stream that systemd gave; stderr may have been redirected
// since (systemd.exec(5)).
bool isStream(int fd) {
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat st {};
    if (stream == nullptr || ::fstat(fd, &st) != 0)
        return false;
    return std::to_string(st.st_dev) + ":" + std::to_string(st.st_ino) == stream;
}

Sent send(std::span<const std::string> fields) noexcept {
    try {
        std::string entry;
        for (const auto& field : fields)
            appendField(entry, field);
        const UniqueFd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        const auto sent = ::sendto(socket.get(), entry.data(), entry.size(), MSG_NOSIGNAL,
            reinterpret_cast<const sockaddr*>(&journal), sizeof journal);
        if (sent >= 0)
            return Sent::Yes;
        return errno == EAGAIN ? Sent::Full : Sent::No;
    } catch (const std::exception&) { // out of memory
        return Sent::No;
    }
}

} // namespace nsd::journal
