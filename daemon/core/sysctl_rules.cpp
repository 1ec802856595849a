// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/sysctl_rules.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace nsd {
namespace {

constexpr std::size_t maxBytes = 65536; // of all names and values: they travel in one message
constexpr std::size_t maxPart = 255;    // NAME_MAX

// As sysctl(8): slashes are turned into dots and dots into slashes unless a dot comes first.
std::string dotted(std::string name) {
    const auto first = name.find_first_of("./");
    if (first == std::string::npos || name[first] == '.')
        return name;
    for (auto& c : name)
        c = c == '/' ? '.' : c == '.' ? '/' : c;
    return name;
}

// The parts of the path below /proc/sys, where a slash within a part is a dot again.
std::vector<std::string> partsOf(std::string_view name) {
    std::vector<std::string> parts(1);
    for (const char c : name) {
        if (c == '.')
            parts.emplace_back();
        else
            parts.back() += c == '/' ? '.' : c;
    }
    return parts;
}

// Nothing that leaves the directory, and nothing that is no name of a file.
bool isPathPart(const std::string& part) {
    return !part.empty() && part.size() <= maxPart && part != "." && part != ".." &&
           std::none_of(part.begin(), part.end(),
               [](char c) { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f; });
}

bool isSysvIpc(std::string_view leaf) {
    return leaf.starts_with("msg") || leaf == "sem" || leaf.starts_with("shm");
}

// The type to which a sysctl belongs; empty for those of the whole machine.
std::optional<NamespaceType> typeOf(const std::vector<std::string>& parts) {
    if (parts.size() >= 2 && parts[0] == "net")
        return NamespaceType::Net;
    if (parts.size() == 2 && parts[0] == "kernel" && isSysvIpc(parts[1]))
        return NamespaceType::Ipc;
    if (parts.size() == 3 && parts[0] == "fs" && parts[1] == "mqueue")
        return NamespaceType::Ipc;
    return std::nullopt;
}

void checkName(const std::string& name, const std::string& given, NamespaceTypes types) {
    const auto parts = partsOf(name);
    if (!isUtf8(given) || !std::all_of(parts.begin(), parts.end(), isPathPart))
        throw Error(Errc::InvalidArgument, quoted(given) + " is not the name of a sysctl");
    const auto type = typeOf(parts);
    if (!type)
        throw Error(Errc::InvalidArgument, "sysctl " + quoted(given) +
                                               " is not one that belongs to a namespace; these are net.*, " +
                                               "kernel.msg*, kernel.sem, kernel.shm* and fs.mqueue.*");
    if (!types.contains(*type))
        throw Error(
            Errc::InvalidArgument, "sysctl " + quoted(given) + " needs type " + std::string(toWord(*type)));
}

void checkValue(const std::string& given, const std::string& value) {
    // A tab divides the numbers of those that have several.
    const bool text = isUtf8(value) && std::none_of(value.begin(), value.end(), [](char c) {
        return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
    });
    if (!text || value.empty())
        throw Error(Errc::InvalidArgument,
            "the value " + quoted(value) + " of sysctl " + quoted(given) + " is not a line of text");
}

} // namespace

std::map<std::string, std::string> validatedSysctls(
    const std::map<std::string, std::string>& sysctls, NamespaceTypes types) {
    std::map<std::string, std::string> validated;
    std::size_t bytes = 0;
    for (const auto& [given, value] : sysctls) {
        bytes += given.size() + value.size();
        if (bytes > maxBytes)
            throw Error(
                Errc::InvalidArgument, "sysctls: more than " + std::to_string(maxBytes) + " bytes in all");
        auto name = dotted(given);
        checkName(name, given, types);
        checkValue(given, value);
        if (!validated.emplace(std::move(name), value).second)
            throw Error(Errc::InvalidArgument, "sysctl " + quoted(given) + " is given twice");
    }
    return validated;
}

} // namespace nsd
