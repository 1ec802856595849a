// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/temp_dir.hpp"

#include "tests/support/mount_table.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <sys/mount.h>
#include <system_error>
#include <unistd.h>

namespace nsd::test {

namespace {

constexpr std::string_view directoryPrefix = "/tmp/nsd-test-";

std::set<std::string>& ownDirectories() {
    static std::set<std::string> directories;
    return directories;
}

} // namespace

TempDir::TempDir() {
    std::string name = std::string(directoryPrefix) + "XXXXXX";
    if (::mkdtemp(name.data()) == nullptr)
        throw std::system_error(errno, std::generic_category(), "mkdtemp " + name);
    path_ = name;
    ownDirectories().insert(name);
    std::filesystem::permissions(path_, std::filesystem::perms(0755));
}

TempDir::~TempDir() {
    std::error_code ignored;
    if (::geteuid() == 0)
        unmountBelow(path_);
    std::filesystem::remove_all(path_, ignored);
    ownDirectories().erase(path_.string());
}

bool TempDir::isOfAnotherTest(std::string_view path) {
    const auto& own = ownDirectories();
    return path.starts_with(directoryPrefix) &&
           std::none_of(own.begin(), own.end(), [&](const auto& mine) { return path.starts_with(mine); });
}

void unmountBelow(const std::filesystem::path& path) {
    const auto mounts = MountTable::read("self").below(path);
    for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount) {
        ::umount2(mount->point.c_str(), MNT_DETACH | UMOUNT_NOFOLLOW);
        if (mount->fsType == "nsfs")
            ::unlink(mount->point.c_str());
    }
}

std::string readFile(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw std::system_error(errno, std::generic_category(), "open " + path.string());
    return {std::istreambuf_iterator<char>(file), {}};
}

void writeFile(const std::filesystem::path& path, std::string_view text) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << text << std::flush;
    if (!file)
        throw std::system_error(errno, std::generic_category(), "write " + path.string());
}

} // namespace nsd::test
