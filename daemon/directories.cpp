// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/directories.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <array>
#include <string_view>

namespace nsd {
namespace {

struct Row {
    const char* variable;
    std::string Directories::*member;
};

const std::array rows{
    Row{"RUNTIME_DIRECTORY", &Directories::runtime},
    Row{"STATE_DIRECTORY", &Directories::state},
    Row{"CONFIGURATION_DIRECTORY", &Directories::configuration},
};

std::string checked(const char* variable, std::string_view value) {
    const auto wrong = [&](const char* why) {
        return Error{Errc::InvalidArgument, std::string(variable) + "=" + nsd::quoted(value) + " " + why};
    };
    if (value.find(':') != std::string_view::npos)
        throw wrong("names several directories (':' separates them); nsd needs one");
    while (value.size() > 1 && value.back() == '/')
        value.remove_suffix(1);
    if (!value.starts_with('/') || value == "/")
        throw wrong("must be an absolute path below /");
    // The path is compared with what the kernel says of mounts, and hashed into names.
    for (const std::string_view part : {"//", "/./", "/../"})
        if ((std::string(value) + '/').find(part) != std::string::npos)
            throw wrong("must be a path without empty, '.' or '..' parts");
    return std::string(value);
}

} // namespace

Directories directoriesFrom(const std::function<const char*(const char*)>& lookUp) {
    Directories directories;
    directories.vendor = NSD_VENDOR_DIRECTORY;
    for (const auto& row : rows)
        if (const char* value = lookUp(row.variable); value != nullptr && *value != '\0')
            directories.*row.member = checked(row.variable, value);
    return directories;
}

} // namespace nsd
