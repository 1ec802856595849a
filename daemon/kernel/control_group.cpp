// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/control_group.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <dirent.h>
#include <fcntl.h>
#include <fstream>
#include <linux/magic.h>
#include <memory>
#include <sstream>
#include <string_view>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

namespace nsd {
namespace {

// mountinfo writes blank, tab, newline and backslash as three octal digits.
std::string unescaped(std::string_view text) {
    constexpr std::size_t octalDigits = 3;
    std::string plain;
    while (!text.empty()) {
        unsigned value = 0;
        if (text.front() == '\\' && text.size() > octalDigits &&
            std::from_chars(text.data() + 1, text.data() + 1 + octalDigits, value, 8).ec == std::errc{}) {
            plain += static_cast<char>(value);
            text.remove_prefix(1 + octalDigits);
        } else {
            plain += text.front();
            text.remove_prefix(1);
        }
    }
    return plain;
}

// Where a line of mountinfo says that a cgroup2 file system is mounted.
std::optional<std::string> controlGroupMount(const std::string& line) {
    const auto separator = line.find(" - ");
    if (separator == std::string::npos || line.compare(separator, 11, " - cgroup2 ") != 0)
        return std::nullopt;
    std::istringstream fields(line);
    std::string id, parent, device, root, point;
    fields >> id >> parent >> device >> root >> point;
    return unescaped(point);
}

struct CloseDirectory {
    void operator()(DIR* directory) const noexcept { ::closedir(directory); }
};

UniqueFd openGroup(int at, const std::string& path) {
    return UniqueFd(::openat(at, path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

bool rmdirGroup(int parent, const std::string& name) {
    if (::unlinkat(parent, name.c_str(), AT_REMOVEDIR) == 0 || errno == ENOENT)
        return true;
    if (errno == EBUSY || errno == ENOTEMPTY)
        return false;
    throw kernelError("remove", "the control group " + quoted(name), errno);
}

} // namespace

std::optional<UniqueFd> openControlGroupRoot() {
    std::ifstream mounts("/proc/self/mountinfo");
    for (std::string line; std::getline(mounts, line);) {
        const auto path = controlGroupMount(line);
        if (!path)
            continue;
        auto root = openGroup(AT_FDCWD, *path);
        struct statfs fileSystem {};
        // Something else may be mounted over it, and a container has it read-only.
        if (root && ::fstatfs(root.get(), &fileSystem) == 0 && fileSystem.f_type == CGROUP2_SUPER_MAGIC &&
            ::faccessat(root.get(), ".", W_OK, AT_EACCESS) == 0)
            return root;
    }
    return std::nullopt;
}

UniqueFd makeControlGroup(int parent, const std::string& name) {
    const bool made = ::mkdirat(parent, name.c_str(), 0755) == 0;
    if (!made && errno != EEXIST)
        throw kernelError("make", "the control group " + quoted(name), errno);
    auto group = openGroup(parent, name);
    if (!group) {
        const int error = errno;
        if (made)
            static_cast<void>(rmdirGroup(parent, name));
        throw kernelError("open", "the control group " + quoted(name), error);
    }
    return group;
}

bool removeControlGroup(int parent, const std::string& name) {
    if (rmdirGroup(parent, name))
        return true;
    const auto group = openGroup(parent, name);
    if (!group)
        return errno == ENOENT;
    if (isPopulated(openGroupFile(group.get(), "cgroup.events", O_RDONLY).get()))
        return false;
    for (const auto& child : childGroups(group.get()))
        if (!removeControlGroup(group.get(), child))
            return false;
    return rmdirGroup(parent, name);
}

std::vector<std::string> childGroups(int group) {
    std::vector<std::string> names;
    auto listed = openGroup(group, "."); // a position of its own
    const std::unique_ptr<DIR, CloseDirectory> directory(listed ? ::fdopendir(listed.get()) : nullptr);
    if (!directory)
        throw kernelError("list", "a control group", errno);
    static_cast<void>(listed.release());
    while (const auto* entry = ::readdir(directory.get()))
        if (entry->d_type == DT_DIR && entry->d_name[0] != '.')
            names.emplace_back(entry->d_name);
    return names;
}

bool hasChildGroups(int group) {
    // A directory of kernfs has a link for itself, one for its name, and one for each below.
    struct stat status {};
    return ::fstat(group, &status) == 0 && status.st_nlink > 2;
}

std::vector<pid_t> processesInGroup(int group) {
    const auto file = openGroupFile(group, "cgroup.procs", O_RDONLY);
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(file.get(), buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(got));
    std::istringstream lines(text);
    std::vector<pid_t> pids;
    for (pid_t pid = 0; lines >> pid;)
        if (pid != 0)
            pids.push_back(pid);
    return pids;
}

bool isPopulated(int eventsFile) {
    std::array<char, 256> text{};
    const auto got = ::pread(eventsFile, text.data(), text.size(), 0);
    return got > 0 && std::string_view(text.data(), static_cast<std::size_t>(got)).find("populated 1") !=
                          std::string_view::npos;
}

UniqueFd openGroupFile(int group, const std::string& name, int flags) {
    UniqueFd file(::openat(group, name.c_str(), flags | O_NOFOLLOW | O_CLOEXEC));
    if (!file)
        throw kernelError("open", name + " of a control group", errno);
    return file;
}

} // namespace nsd
