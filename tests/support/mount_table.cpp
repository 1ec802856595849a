// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/mount_table.hpp"

#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

namespace nsd::test {

namespace {

// Blanks in paths are written as octal numbers: "\040".
std::string unescape(std::string_view text) {
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 3 < text.size()) {
            plain += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 3)), nullptr, 8));
            i += 3;
        } else {
            plain += text[i];
        }
    }
    return plain;
}

// 36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/root rw
Mount parse(const std::string& line) {
    std::istringstream words(line);
    std::string id, parent, device, word;
    Mount mount;
    words >> id >> parent >> device >> mount.root >> mount.point >> mount.options;
    while (words >> word && word != "-")
        mount.optional += (mount.optional.empty() ? "" : " ") + word;
    words >> mount.fsType;
    mount.point = unescape(mount.point);
    return mount;
}

} // namespace

MountTable MountTable::read(std::string_view process) {
    std::istringstream lines(readFile("/proc/" + std::string(process) + "/mountinfo"));
    MountTable table;
    for (std::string line; std::getline(lines, line);)
        table.mounts_.push_back(parse(line));
    return table;
}

std::vector<Mount> MountTable::below(const std::filesystem::path& path) const {
    const auto inside = path.string() + "/";
    std::vector<Mount> found;
    std::copy_if(mounts_.begin(), mounts_.end(), std::back_inserter(found),
        [&](const Mount& mount) { return mount.point == path || mount.point.starts_with(inside); });
    return found;
}

std::vector<Mount> MountTable::ofType(std::string_view fsType) const {
    std::vector<Mount> found;
    std::copy_if(mounts_.begin(), mounts_.end(), std::back_inserter(found),
        [&](const Mount& mount) { return mount.fsType == fsType; });
    return found;
}

} // namespace nsd::test
