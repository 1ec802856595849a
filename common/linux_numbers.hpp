// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <linux/nsfs.h>
#include <sys/ioctl.h>

// Numbers of the kernel that are newer than the libc headers of Debian 12 (Linux 6.1 is the oldest
// kernel that nsd supports). Everything here is probed when it runs, never taken for granted.
namespace nsd::linux_numbers {

// include/uapi/linux/nsfs.h
constexpr unsigned long nsGetMntnsId = _IOR(0xb7, 0x5, std::uint64_t); // 6.10
constexpr unsigned long nsGetPidFromPidns = _IOR(0xb7, 0x6, int);      // 6.11: pid in ns → pid here
constexpr unsigned long nsGetPidInPidns = _IOR(0xb7, 0x8, int);        // 6.11: pid here → pid in ns
// 6.12: how many mounts a mount namespace has, and its neighbours in the order of their ids.
struct MountNamespaceInfo {
    std::uint32_t size;
    std::uint32_t mounts;
    std::uint64_t id;
};
constexpr unsigned long nsMntGetNext = _IOR(0xb7, 11, MountNamespaceInfo);
constexpr unsigned long nsMntGetPrev = _IOR(0xb7, 12, MountNamespaceInfo);
constexpr unsigned long nsGetId = _IOR(0xb7, 13, std::uint64_t); // 6.18: never reused

// include/uapi/linux/fcntl.h (6.18): the "directory" of nsfs file handles for open_by_handle_at(2).
constexpr int fdNsfsRoot = -10003;

// include/uapi/linux/pidfd.h (6.9): a pidfd of a single thread.
constexpr unsigned pidfdThread = 0200; // O_EXCL

// include/uapi/linux/if_link.h (6.16): a link that cannot leave its network namespace.
constexpr int iflaNetnsImmutable = 67;

// include/uapi/asm-generic/socket.h (5.14)
constexpr int soNetnsCookie = 71;

} // namespace nsd::linux_numbers
