// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

// A part of <nsd/nsd.hpp>: errors, descriptors, types.

#include <cstdint>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#define NSD_API __attribute__((visibility("default")))

namespace nsd {
namespace v0 {}
#ifndef NSD_INTERNAL // nsd's own sources, to which nsd::Error and others are something else
using namespace v0;  // NOLINT(google-build-using-namespace): nsd::Client is nsd::v0::Client
#endif
} // namespace nsd

namespace nsd::v0 {

enum class Errc : int {
    InvalidName = 1,
    InvalidArgument,
    NoSuchNamespace,
    NameExists,
    TypeNotSupported, // by this kernel
    TypeNotPresent,   // this namespace has no such type
    WrongFd,
    LimitExceeded,
    Busy,
    Degraded,
    TimedOut,
    KernelError, // a system call of nsd's or of this process
    AccessDenied,
    InteractiveAuthorizationRequired, // polkit would ask somebody: see ConnectOptions::interactive
    NoDaemon,                         // on no bus that was tried
    Unanswered,                       // nsd or its bus went away during the call: done or not, nobody knows
};

// What went wrong. what() is nsd's own sentence: which step, on what, why, and what to do about it.
class NSD_API Error : public std::runtime_error {
  public:
    Error(Errc code, const std::string& message, int errnoValue = 0);
    Error(const Error&) noexcept;
    Error& operator=(const Error&) noexcept;
    ~Error() override;

    [[nodiscard]] Errc code() const noexcept { return code_; }
    // Its name on the bus: "org.nsd1.Error.NoSuchNamespace", "org.freedesktop.DBus.Error.AccessDenied".
    [[nodiscard]] std::string name() const;
    // Of a system call that failed in this process; 0: none did, or one of nsd's (then what() says which).
    [[nodiscard]] int errnoValue() const noexcept { return errno_; }

  private:
    Errc code_;
    int errno_;
};

// The owner of a file descriptor, which is O_CLOEXEC where the library made it.
class NSD_API Fd {
  public:
    Fd() noexcept = default;
    explicit Fd(int fd) noexcept : fd_(fd) {}
    Fd(Fd&& other) noexcept : fd_(other.release()) {}
    Fd& operator=(Fd&& other) noexcept {
        if (this != &other)
            reset(other.release());
        return *this;
    }
    Fd(const Fd&) = delete;
    Fd& operator=(const Fd&) = delete;
    ~Fd() { reset(); }

    [[nodiscard]] int get() const noexcept { return fd_; } // -1: none
    explicit operator bool() const noexcept { return fd_ >= 0; }
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); } // the caller closes it
    void reset(int fd = -1) noexcept;

  private:
    int fd_ = -1;
};

enum class Type : int { Cgroup, Ipc, Mnt, Net, Pid, Time, User, Uts };
using Types = std::set<Type>;
using Labels = std::map<std::string, std::string>;
[[nodiscard]] NSD_API Types allTypes();
[[nodiscard]] NSD_API std::string toWord(Type type); // "net", as in /proc/PID/ns
// Throws Error{InvalidArgument}.
[[nodiscard]] NSD_API Type typeFromWord(const std::string& word);

// `count` ids from `inside` on are `outside` and following ones of the host.
struct IdRange {
    std::uint32_t inside = 0;
    std::uint32_t outside = 0;
    std::uint32_t count = 0;
};

// As whom a program runs inside: ids as they are there.
struct User {
    std::uint32_t uid = 0;
    std::uint32_t gid = 0;
    std::vector<std::uint32_t> groups;
};

} // namespace nsd::v0
