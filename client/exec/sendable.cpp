// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/exec/exec_request.hpp"

#include "common/command_spec.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"

namespace nsd::client {
namespace {

[[noreturn]] void refuseSize(std::size_t given, const char* unit, std::size_t allowed) {
    throw Error(Errc::InvalidArgument, "the command line and the environment have " + std::to_string(given) +
                                           " " + unit + " together, and nsd takes " +
                                           std::to_string(allowed) +
                                           ": unset variables that the command does not need (env -i)");
}

} // namespace

void checkSendable(const std::vector<std::string>& argv, const std::vector<std::string>& environment) {
    const auto entries = argv.size() + environment.size();
    if (entries > maxCommandEntries)
        refuseSize(entries, "entries", maxCommandEntries);
    if (const auto bytes = bytesOf(argv) + bytesOf(environment); bytes > maxCommandBytes)
        refuseSize(bytes, "bytes", maxCommandBytes);
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
