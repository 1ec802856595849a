// SPDX-License-Identifier: LGPL-2.1-or-later
#include "dbus/object_path.hpp"

#include "dbus/names.hpp"

namespace nsd::dbus {

std::string objectPath(const Uuid& uuid) {
    return namespacePathPrefix + uuid.str();
}

std::optional<Uuid> uuidFromObjectPath(std::string_view path) noexcept {
    constexpr std::string_view prefix = namespacePathPrefix;
    if (!path.starts_with(prefix))
        return std::nullopt;
    return Uuid::parse(path.substr(prefix.size()));
}

std::string processPath(std::uint64_t number) {
    return processPathPrefix + std::to_string(number);
}

} // namespace nsd::dbus
