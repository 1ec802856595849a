// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/forward/pipe_pool.hpp"

#include "common/error.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace nsd::client {
namespace {

// What the kernel gives anybody (fs.pipe-max-size) is more; this is what a busy connection fills at once.
constexpr int wanted = 512 * 1024;
constexpr std::size_t mostFree = 32;

} // namespace

Pipe PipePool::take() {
    if (!free_.empty()) {
        auto pipe = std::move(free_.back());
        free_.pop_back();
        return pipe;
    }
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        throw kernelError("make", "a pipe", errno);
    Pipe pipe{UniqueFd(ends[1]), UniqueFd(ends[0])};
    ::fcntl(ends[1], F_SETPIPE_SZ, wanted); // refused to a user with many pipes; then it is a smaller one
    const int size = ::fcntl(ends[1], F_GETPIPE_SZ);
    if (size <= 0)
        throw kernelError("ask for the size of", "a pipe", errno);
    pipe.capacity = static_cast<std::size_t>(size);
    return pipe;
}

void PipePool::giveBack(Pipe pipe) {
    if (free_.size() < mostFree)
        free_.push_back(std::move(pipe));
}

} // namespace nsd::client
