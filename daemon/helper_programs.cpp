// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/helper_programs.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <filesystem>
#include <system_error>
#include <unistd.h>

namespace nsd {
namespace {

bool holdsHelpers(const std::string& directory) {
    return ::access((directory + "/nsd-worker").c_str(), X_OK) == 0 &&
           ::access((directory + "/nsd-init").c_str(), X_OK) == 0;
}

} // namespace

std::string findHelperDirectory() {
    std::error_code error;
    const auto own = std::filesystem::read_symlink("/proc/self/exe", error).parent_path().string();
    for (const std::string& directory : {own, std::string(NSD_LIBEXECDIR)})
        if (holdsHelpers(directory))
            return directory;
    throw Error{Errc::KernelError, "nsd-worker and nsd-init are neither in " + nsd::quoted(own) + " nor in " +
                                       NSD_LIBEXECDIR + ": is nsd installed completely?"};
}

std::string findNsctl() {
    std::error_code error;
    auto own = std::filesystem::read_symlink("/proc/self/exe", error).parent_path().string() + "/nsctl";
    return ::access(own.c_str(), X_OK) == 0 ? own : std::string(NSD_BINDIR) + "/nsctl";
}

} // namespace nsd
