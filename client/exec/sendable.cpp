// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/exec/exec_request.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

namespace nsd::client {
namespace {

constexpr std::size_t maxEntries = 1024;
constexpr std::size_t maxBytes = 128UL * 1024;

std::size_t sizeOf(const std::vector<std::string>& words) noexcept {
    std::size_t size = 0;
    for (const auto& word : words)
        size += word.size() + 1;
    return size;
}

[[noreturn]] void refuseSize(std::size_t given, const char* unit, std::size_t allowed) {
    throw Error(Errc::InvalidArgument, "the command line and the environment have " + std::to_string(given) +
                                           " " + unit + " together, and nsd takes " +
                                           std::to_string(allowed) +
                                           ": unset variables that the command does not need (env -i)");
}

} // namespace

void checkSendable(const std::vector<std::string>& argv, const std::vector<std::string>& environment) {
    const auto entries = argv.size() + environment.size();
    if (entries > maxEntries)
        refuseSize(entries, "entries", maxEntries);
    if (const auto bytes = sizeOf(argv) + sizeOf(environment); bytes > maxBytes)
        refuseSize(bytes, "bytes", maxBytes);
    for (const auto& word : argv)
        if (!isUtf8(word))
            throw Error(Errc::InvalidArgument,
                "the argument " + quoted(word) + " is not UTF-8, which D-Bus cannot carry");
    for (const auto& variable : environment)
        if (!isUtf8(variable))
            throw Error(Errc::InvalidArgument, "the environment variable " +
                                                   quoted(variable.substr(0, variable.find('='))) +
                                                   " is not UTF-8, which D-Bus cannot carry: unset it");
}

} // namespace nsd::client
