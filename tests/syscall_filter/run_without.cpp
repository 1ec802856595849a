// SPDX-License-Identifier: LGPL-2.1-or-later
//
// run-without SYSCALL CMD...: runs a command to which the kernel refuses one system call with EPERM, as the
// filter of a unit does (SystemCallFilter=, SystemCallErrorNumber=EPERM).
#include "tests/syscall_filter/syscall_filter.hpp"

#include <cerrno>
#include <cstdio>

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fprintf(stderr, "usage: run-without SYSCALL CMD [ARGUMENT...]\n");
        return 2;
    }
    const int call = seccomp_syscall_resolve_name(argv[1]);
    if (call == __NR_SCMP_ERROR) {
        std::fprintf(stderr, "run-without: there is no system call %s\n", argv[1]);
        return 2;
    }
    const auto refuse = [call](nsd::test::SyscallFilter& filter) { filter.refuse(call, EPERM); };
    return nsd::test::execFiltered("run-without", refuse, argv + 2);
}
