// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/fuzz/wrong_descriptors.hpp"

#include "common/namespace_type.hpp"

#include <array>
#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace nsd::test {
namespace {

class Zoo {
  public:
    void add(int fd) {
        if (fd < 0)
            throw std::runtime_error("a descriptor for the fuzzer cannot be opened");
        fds_.emplace_back(fd);
    }
    std::vector<UniqueFd> take() { return std::move(fds_); }

  private:
    std::vector<UniqueFd> fds_;
};

} // namespace

std::vector<UniqueFd> descriptorsOfAllKinds(bool withHost) {
    Zoo zoo;
    zoo.add(::open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    zoo.add(::open("/", O_PATH | O_CLOEXEC));
    zoo.add(::open("/dev/null", O_RDWR | O_CLOEXEC));
    zoo.add(::open("/etc/passwd", O_RDONLY | O_CLOEXEC));
    zoo.add(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
    zoo.add(::open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
    zoo.add(::eventfd(0, EFD_CLOEXEC));
    zoo.add(::epoll_create1(EPOLL_CLOEXEC));
    zoo.add(::memfd_create("fuzz", MFD_CLOEXEC));
    zoo.add(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    zoo.add(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0)));
    std::array<int, 2> ends{};
    zoo.add(::pipe2(ends.data(), O_CLOEXEC) == 0 ? ends[0] : -1);
    zoo.add(ends[1]);
    for (const auto type : NamespaceTypes::all())
        if (withHost)
            zoo.add(::open(("/proc/self/ns/" + std::string(toWord(type))).c_str(), O_RDONLY | O_CLOEXEC));
    return zoo.take();
}

} // namespace nsd::test
