// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/live/net_counters.hpp"

#include "client/read_all.hpp"
#include "common/error.hpp"
#include "common/nsfs.hpp"
#include "common/scope_guard.hpp"
#include "common/unique_fd.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sched.h>
#include <sstream>
#include <sys/stat.h>

namespace nsd::client {
namespace {

std::string contentsOf(const char* path) {
    const UniqueFd file(::open(path, O_RDONLY | O_CLOEXEC));
    if (!file)
        throw kernelError("open", path, errno);
    return readAll(file.get(), path);
}

} // namespace

NetCounters netCountersIn(std::string_view dev, std::string_view sockstat) {
    NetCounters counters;
    std::istringstream lines{std::string(dev)};
    for (std::string line; std::getline(lines, line);) {
        const auto colon = line.find(':');
        const auto begin = line.find_first_not_of(' ');
        if (colon == std::string::npos || line.substr(begin, colon - begin) == "lo")
            continue;
        std::istringstream fields(line.substr(colon + 1));
        std::uint64_t number = 0;
        constexpr int sent = 8; // behind eight of what was received
        for (int field = 0; field <= sent && fields >> number; ++field)
            if (field == 0)
                counters.received += number;
            else if (field == sent)
                counters.sent += number;
    }
    std::istringstream words{std::string(sockstat)};
    std::string word;
    words >> word >> word >> counters.sockets; // "sockets: used 4"
    return counters;
}

std::optional<NetCounters> netCountersOf(const std::string& pin, std::uint64_t inode) {
    const UniqueFd inside(::open(pin.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    const UniqueFd home(::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC));
    struct stat status {};
    if (!inside || !home || !isNamespaceFd(inside.get()) || ::fstat(inside.get(), &status) != 0 ||
        status.st_ino != inode || ::setns(inside.get(), CLONE_NEWNET) != 0)
        return std::nullopt;
    const ScopeGuard back([&] {
        if (::setns(home.get(), CLONE_NEWNET) != 0)
            std::abort(); // the rest of nsctl would speak from inside
    });
    try {
        return netCountersIn(
            contentsOf("/proc/thread-self/net/dev"), contentsOf("/proc/thread-self/net/sockstat"));
    } catch (const Error&) {
        return std::nullopt;
    }
}

} // namespace nsd::client
