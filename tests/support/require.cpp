// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/require.hpp"

#include <cstdlib>
#include <string>
#include <unistd.h>

namespace nsd::test {

namespace {

bool inDirectories(std::string_view directories, std::string_view name) {
    while (!directories.empty()) {
        const auto end = directories.find(':');
        const auto path = std::string(directories.substr(0, end)) + "/" + std::string(name);
        if (::access(path.c_str(), X_OK) == 0)
            return true;
        if (end == std::string_view::npos)
            return false;
        directories.remove_prefix(end + 1);
    }
    return false;
}

} // namespace

bool isRoot() noexcept {
    return ::geteuid() == 0;
}

bool hasProgram(std::string_view name) {
    const char* path = std::getenv("PATH");
    return inDirectories(path != nullptr ? path : "", name) ||
           inDirectories("/usr/sbin:/sbin:/usr/bin", name);
}

bool testsMustRun() noexcept {
    const char* value = std::getenv("NSD_TESTS_MUST_RUN");
    return value != nullptr && std::string_view(value) == "1";
}

} // namespace nsd::test
