// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dbus/error_names.hpp"

#include "dbus/names.hpp"

#include <array>

namespace nsd::dbus {
namespace {

// Refusals have the names that every D-Bus client knows; all else is org.nsd1.Error.<word>.
constexpr bool isBusWide(Errc code) noexcept {
    return code == Errc::AccessDenied || code == Errc::InteractiveAuthorizationRequired;
}

struct Foreign {
    std::string_view name;
    Errc code;
};

constexpr std::array foreign{
    Foreign{"org.freedesktop.DBus.Error.NoReply", Errc::TimedOut},
    Foreign{"org.freedesktop.DBus.Error.Timeout", Errc::TimedOut},
    Foreign{"org.freedesktop.DBus.Error.TimedOut", Errc::TimedOut},
    Foreign{"org.freedesktop.DBus.Error.AuthFailed", Errc::AccessDenied},
    Foreign{"org.freedesktop.DBus.Error.LimitsExceeded", Errc::LimitExceeded},
    Foreign{"org.freedesktop.DBus.Error.NoMemory", Errc::LimitExceeded},
    Foreign{"org.freedesktop.DBus.Error.InvalidArgs", Errc::InvalidArgument},
};

} // namespace

std::string errorName(Errc code) {
    std::string name = isBusWide(code) ? busErrorPrefix : errorPrefix;
    return name += toWord(code);
}

Error errorFromBus(std::string_view name, std::string_view message) {
    for (const auto code : allErrcs())
        if (name == errorName(code))
            return {code, std::string(message)};
    std::string text(name);
    text += ": ";
    text += message;
    for (const auto& row : foreign)
        if (name == row.name)
            return {row.code, std::move(text)};
    return {Errc::KernelError, std::move(text)};
}

} // namespace nsd::dbus
