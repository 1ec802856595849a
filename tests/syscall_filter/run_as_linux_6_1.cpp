// SPDX-License-Identifier: LGPL-2.1-or-later
//
// run-as-linux-6.1 CMD...: runs a command under a seccomp filter that gives the answers of Linux 6.1,
// the oldest kernel that nsd supports, to what came later. A filter sees numbers, not files: handles of
// files are refused on every file system, since that on nsfs cannot be told apart.
#include "tests/syscall_filter/syscall_filter.hpp"

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>

namespace {

using nsd::test::SyscallFilter;

scmp_arg_cmp hasBits(unsigned argument, std::uint64_t mask, std::uint64_t value) {
    return {argument, SCMP_CMP_MASKED_EQ, mask, value};
}

// An ioctl by its type and number, whatever the size of its argument.
void refuseIoctls(SyscallFilter& filter, unsigned type, unsigned first, unsigned last) {
    for (unsigned number = first; number <= last; ++number)
        filter.refuseIf(SCMP_SYS(ioctl), hasBits(1, 0xffff, (type << 8U) | number), ENOTTY);
}

void refuseWhatCameLater(SyscallFilter& filter) {
    constexpr unsigned nsfsIoctls = 0xb7;  // from NS_GET_MNTNS_ID (6.10) to NS_GET_ID (6.18) and on
    constexpr unsigned pidfsIoctls = 0xff; // PIDFD_GET_CGROUP_NAMESPACE (6.11) … PIDFD_GET_INFO (6.13)
    constexpr int firstCallAfter61 = 451;  // cachestat (6.5); statmount is 457, listmount 458
    constexpr int lastCallKnown = 480;
    constexpr std::uint64_t pidfdThread = O_EXCL;     // 6.9
    constexpr std::uint64_t moveMountBeneath = 0x200; // 6.5
    constexpr std::uint64_t dupfdQuery = 1027;        // F_DUPFD_QUERY, 6.10

    refuseIoctls(filter, nsfsIoctls, 5, 31);
    refuseIoctls(filter, pidfsIoctls, 1, 31);
    filter.refuse(SCMP_SYS(name_to_handle_at), EOPNOTSUPP);
    filter.refuse(SCMP_SYS(open_by_handle_at), EOPNOTSUPP);
    for (int call = firstCallAfter61; call <= lastCallKnown; ++call)
        filter.refuse(call, ENOSYS);
    filter.refuseIf(SCMP_SYS(pidfd_open), hasBits(1, pidfdThread, pidfdThread), EINVAL);
    filter.refuseIf(SCMP_SYS(move_mount), hasBits(4, moveMountBeneath, moveMountBeneath), EINVAL);
    filter.refuseIf(SCMP_SYS(fcntl), {1, SCMP_CMP_EQ, dupfdQuery, 0}, EINVAL);
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: run-as-linux-6.1 CMD [ARGUMENT...]\n");
        return 2;
    }
    return nsd::test::execFiltered("run-as-linux-6.1", refuseWhatCameLater, argv + 1);
}
