// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/error.hpp"
#include "common/unique_fd.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace nsd {

// Both ends O_CLOEXEC.
struct Pipe {
    UniqueFd read;
    UniqueFd write;
};

// `what` is it for, in the Error: "for nsd-init".
[[nodiscard]] inline Pipe makePipe(std::string_view what) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        throw kernelError("make a pipe", what, errno);
    return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

} // namespace nsd
