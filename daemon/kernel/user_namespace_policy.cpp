// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/user_namespace_policy.hpp"

#include "common/unique_fd.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

namespace nsd {
namespace {

struct Switch {
    std::string_view file;
    std::string_view forbids; // the value that says no
};

constexpr std::array switches{
    Switch{"/kernel/unprivileged_userns_clone", "0"},
    Switch{"/user/max_user_namespaces", "0"},
    Switch{"/kernel/apparmor_restrict_unprivileged_userns", "1"},
};

bool forbids(const Switch& each, const std::string& directory) {
    const UniqueFd file(::open((directory + std::string(each.file)).c_str(), O_RDONLY | O_CLOEXEC));
    if (!file)
        return errno != ENOENT;
    std::array<char, 32> buffer{};
    const auto length = ::read(file.get(), buffer.data(), buffer.size());
    if (length <= 0)
        return true;
    const std::string_view text(buffer.data(), static_cast<std::size_t>(length));
    return text.substr(0, text.find('\n')) == each.forbids;
}

} // namespace

bool usersMayMakeUserNamespaces(const std::string& directory) {
    return std::none_of(switches.begin(), switches.end(),
        [&directory](const Switch& each) { return forbids(each, directory); });
}

} // namespace nsd
