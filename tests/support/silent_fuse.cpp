// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/silent_fuse.hpp"

#include "tests/support/command.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/fuse.h>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

namespace nsd::test {

namespace {

// The mount is made by a child, so that this process never is inside.
void mountInside(const std::string& mountNamespaceFile, const std::string& device, int connection) {
    const auto options =
        "fd=" + std::to_string(connection) + ",rootmode=40000,user_id=0,group_id=0,blksize=512";
    const UniqueFd target(::open(mountNamespaceFile.c_str(), O_RDONLY | O_CLOEXEC));
    const pid_t child = ::fork();
    if (child == 0) {
        const bool done = ::setns(target.get(), CLONE_NEWNS) == 0 &&
                          ::mount(device.c_str(), "/mnt", "fuseblk", 0, options.c_str()) == 0;
        ::_exit(done ? 0 : errno);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error(std::string("cannot mount: ") + std::strerror(WEXITSTATUS(status)));
}

// The one answer that the server ever gives: without it the kernel would not wait for others.
void answerInit(int connection) {
    std::array<char, FUSE_MIN_READ_BUFFER> request{};
    if (::read(connection, request.data(), request.size()) < static_cast<ssize_t>(sizeof(fuse_in_header)))
        throw std::runtime_error("no FUSE_INIT came");
    fuse_in_header in{};
    std::memcpy(&in, request.data(), sizeof(in));
    struct {
        fuse_out_header header;
        fuse_init_out init;
    } answer{};
    answer.header.len = sizeof(answer);
    answer.header.unique = in.unique;
    answer.init.major = FUSE_KERNEL_VERSION;
    answer.init.minor = FUSE_KERNEL_MINOR_VERSION;
    constexpr unsigned pageSize = 4096;
    answer.init.max_write = pageSize;
    if (::write(connection, &answer, sizeof(answer)) != static_cast<ssize_t>(sizeof(answer)))
        throw std::runtime_error("FUSE_INIT is not answered");
}

} // namespace

SilentFuse::SilentFuse(const std::string& mountNamespaceFile)
    : connection_(::open("/dev/fuse", O_RDWR | O_CLOEXEC)) {
    if (!connection_)
        throw std::runtime_error("no /dev/fuse");
    constexpr off_t size = 1 << 20;
    writeFile(directory_ / "image", "");
    if (::truncate((directory_ / "image").c_str(), size) != 0)
        throw std::runtime_error("truncate");
    loopDevice_ = mustRun({"losetup", "--find", "--show", directory_ / "image"});
    mountInside(mountNamespaceFile, loopDevice_, connection_.get());
    answerInit(connection_.get());
}

SilentFuse::~SilentFuse() {
    release();
    static_cast<void>(run({"losetup", "--detach", loopDevice_}));
}

} // namespace nsd::test
