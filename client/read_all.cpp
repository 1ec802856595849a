// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/read_all.hpp"

#include "common/error.hpp"

#include <array>
#include <cerrno>
#include <unistd.h>

namespace nsd::client {

std::string readAll(int fd, const std::string& path, std::size_t most) {
    std::string text;
    std::array<char, 4096> buffer{}; // a map of ids, and a drop-in, are one page at most
    while (text.size() <= most) {
        const auto count = ::read(fd, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            throw kernelError("read", path, errno);
        if (count == 0)
            break;
        text.append(buffer.data(), static_cast<std::size_t>(count));
    }
    return text;
}

} // namespace nsd::client
