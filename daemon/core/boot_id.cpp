// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/boot_id.hpp"

#include "common/error.hpp"
#include "common/unique_fd.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

namespace nsd {

std::string readBootId() {
    constexpr const char* path = "/proc/sys/kernel/random/boot_id";
    const UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
    if (!file)
        throw kernelError("open", path, errno);
    std::array<char, 36> text{}; // 8-4-4-4-12 hex digits
    if (::read(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw kernelError("read", path, errno);
    return {text.data(), text.size()};
}

} // namespace nsd
