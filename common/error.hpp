// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nsd {

// What went wrong, in the words of the interface. dbus/error_names maps each to its D-Bus name.
enum class Errc {
    InvalidName,
    InvalidArgument,
    NoSuchNamespace,
    NameExists,
    TypeNotSupported,
    TypeNotPresent,
    WrongFd,
    LimitExceeded,
    Busy,
    Degraded,
    TimedOut,
    KernelError,
    AccessDenied,
    InteractiveAuthorizationRequired,
};

// Every Errc, in the order of declaration: for tables and for the test that they are whole.
[[nodiscard]] std::span<const Errc> allErrcs() noexcept;
// The bare word ("NameExists"), as it ends the D-Bus error name and stands in the worker protocol.
[[nodiscard]] std::string_view toWord(Errc code) noexcept;
[[nodiscard]] std::optional<Errc> errcFromWord(std::string_view word) noexcept;

// The error channel inside nsd. The text is a whole sentence for the user: which step, on what,
// why, and, where there is one, what to do about it. errnoValue is 0 where no system call failed.
class Error : public std::exception {
  public:
    Error(Errc code, std::string text, int errnoValue = 0);

    [[nodiscard]] Errc code() const noexcept { return code_; }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    [[nodiscard]] int errnoValue() const noexcept { return errno_; }
    [[nodiscard]] const char* what() const noexcept override { return text_.c_str(); }

  private:
    Errc code_;
    std::string text_;
    int errno_;
};

// A failed system call: "mount on /run/nsd/ns/.stage/…/net: Invalid argument". The limits of the
// kernel (EMFILE, ENFILE, ENOSPC, EUSERS, EDQUOT) become LimitExceeded, the rest KernelError.
[[nodiscard]] Error kernelError(std::string_view step, std::string_view onWhat, int errnoValue);

// strerror without its race; never empty.
[[nodiscard]] std::string errnoText(int errnoValue);

} // namespace nsd
