// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <exception>
#include <functional>
#include <memory>
#include <seccomp.h>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace nsd::test {

// A seccomp filter that lets all pass but what is refused here, for this process and all that it starts from
// load() on. Throws std::runtime_error.
class SyscallFilter {
  public:
    SyscallFilter() : context_(seccomp_init(SCMP_ACT_ALLOW), seccomp_release) {
        if (!context_)
            throw std::runtime_error("seccomp_init");
        // Root needs no no_new_privs, and what runs below may have setuid helpers.
        check(seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_NNP, 0), "SCMP_FLTATR_CTL_NNP");
    }

    void refuse(int syscall, int errnoValue) {
        check(seccomp_rule_add(
                  context_.get(), SCMP_ACT_ERRNO(static_cast<std::uint32_t>(errnoValue)), syscall, 0),
            "system call " + std::to_string(syscall));
    }
    void refuseIf(int syscall, scmp_arg_cmp argument, int errnoValue) {
        check(seccomp_rule_add_array(context_.get(), SCMP_ACT_ERRNO(static_cast<std::uint32_t>(errnoValue)),
                  syscall, 1, &argument),
            "an argument of system call " + std::to_string(syscall));
    }
    void load() { check(seccomp_load(context_.get()), "seccomp_load"); }

  private:
    static void check(int result, const std::string& what) {
        if (result < 0)
            throw std::runtime_error(what + ": " + std::strerror(-result));
    }
    std::unique_ptr<void, decltype(&seccomp_release)> context_;
};

// Becomes `command` under the filter that `fill` makes; answers the exit status where it cannot, as env(1)
// has it, with a line on standard error by `program`.
inline int execFiltered(
    const char* program, const std::function<void(SyscallFilter&)>& fill, char** command) {
    try {
        SyscallFilter filter;
        fill(filter);
        filter.load();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s: cannot install the filter: %s\n", program, error.what());
        return 125;
    }
    ::execvp(command[0], command);
    std::fprintf(stderr, "%s: %s: %s\n", program, command[0], std::strerror(errno));
    return 127;
}

} // namespace nsd::test
