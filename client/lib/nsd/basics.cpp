// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/lib/nsd/inside.hpp"

#include "common/unique_fd.hpp"
#include "dbus/error_names.hpp"

namespace nsd::v0 {

Error::Error(Errc code, const std::string& message, int errnoValue)
    : std::runtime_error(message), code_(code), errno_(errnoValue) {}
Error::Error(const Error&) noexcept = default;
Error& Error::operator=(const Error&) noexcept = default;
Error::~Error() = default;

std::string Error::name() const {
    if (code_ == Errc::NoDaemon)
        return "org.freedesktop.DBus.Error.ServiceUnknown";
    if (code_ == Errc::Unanswered)
        return "org.freedesktop.DBus.Error.NoReply";
    return dbus::errorName(static_cast<nsd::Errc>(static_cast<int>(code_) - 1));
}

void Fd::reset(int fd) noexcept {
    UniqueFd(std::exchange(fd_, fd)).reset();
}

Types allTypes() {
    Types types;
    for (const auto type : allNamespaceTypes)
        types.insert(outside(type));
    return types;
}

std::string toWord(Type type) {
    return std::string(nsd::toWord(inside(type)));
}

Type typeFromWord(const std::string& word) {
    return translated([&] { return outside(namespaceTypeFromWord(word)); });
}

} // namespace nsd::v0
