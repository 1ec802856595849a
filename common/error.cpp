// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/error.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

namespace nsd {
namespace {

struct Word {
    Errc code;
    std::string_view word;
};

constexpr std::array words{
    Word{Errc::InvalidName, "InvalidName"},
    Word{Errc::InvalidArgument, "InvalidArgument"},
    Word{Errc::NoSuchNamespace, "NoSuchNamespace"},
    Word{Errc::NameExists, "NameExists"},
    Word{Errc::TypeNotSupported, "TypeNotSupported"},
    Word{Errc::TypeNotPresent, "TypeNotPresent"},
    Word{Errc::WrongFd, "WrongFd"},
    Word{Errc::LimitExceeded, "LimitExceeded"},
    Word{Errc::Busy, "Busy"},
    Word{Errc::Degraded, "Degraded"},
    Word{Errc::TimedOut, "TimedOut"},
    Word{Errc::KernelError, "KernelError"},
    Word{Errc::AccessDenied, "AccessDenied"},
    Word{Errc::InteractiveAuthorizationRequired, "InteractiveAuthorizationRequired"},
};

constexpr auto codes = [] {
    std::array<Errc, words.size()> all{};
    for (std::size_t i = 0; i < words.size(); ++i)
        all[i] = words[i].code;
    return all;
}();

constexpr bool isLimit(int errnoValue) {
    return errnoValue == EMFILE || errnoValue == ENFILE || errnoValue == ENOSPC || errnoValue == EUSERS ||
           errnoValue == EDQUOT;
}

} // namespace

std::span<const Errc> allErrcs() noexcept {
    return codes;
}

std::string_view toWord(Errc code) noexcept {
    for (const auto& row : words)
        if (row.code == code)
            return row.word;
    return "KernelError";
}

std::optional<Errc> errcFromWord(std::string_view word) noexcept {
    for (const auto& row : words)
        if (row.word == word)
            return row.code;
    return std::nullopt;
}

Error::Error(Errc code, std::string text, int errnoValue)
    : code_(code), text_(std::move(text)), errno_(errnoValue) {}

std::string errnoText(int errnoValue) {
    return std::generic_category().message(errnoValue);
}

Error kernelError(std::string_view step, std::string_view onWhat, int errnoValue) {
    std::string text(step);
    if (!onWhat.empty()) {
        text += ' ';
        text += onWhat;
    }
    text += ": " + errnoText(errnoValue);
    return {isLimit(errnoValue) ? Errc::LimitExceeded : Errc::KernelError, std::move(text), errnoValue};
}

} // namespace nsd
