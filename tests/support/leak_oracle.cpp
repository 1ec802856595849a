// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/leak_oracle.hpp"

#include "common/linux_numbers.hpp"
#include "common/unique_fd.hpp"
#include "tests/support/command.hpp"
#include "tests/support/mount_table.hpp"
#include "tests/support/temp_dir.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sched.h>
#include <string_view>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace nsd::test {

namespace {

constexpr auto netSlab = "/sys/kernel/slab/net_namespace";
constexpr std::string_view netNamespaces = "network namespaces: ";

// What is in `after` and not in `before`, one line each.
void addNew(std::vector<std::string>& leaks, const std::string& what,
    const std::multiset<std::string>& before, const std::multiset<std::string>& after) {
    std::vector<std::string> added;
    std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(added));
    for (const auto& thing : added)
        leaks.push_back(what + " " + thing);
}

bool isAlive(const std::vector<unsigned char>& handle) {
    auto copy = handle;
    const UniqueFd fd(::open_by_handle_at(
        linux_numbers::fdNsfsRoot, reinterpret_cast<struct file_handle*>(copy.data()), O_RDONLY | O_CLOEXEC));
    return fd.valid() || errno != ESTALE;
}

// The nsfs handle of a namespace's file; empty where the kernel has none.
std::vector<unsigned char> handleOf(const std::string& namespaceFile) {
    std::vector<unsigned char> bytes(sizeof(struct file_handle) + MAX_HANDLE_SZ);
    auto* raw = reinterpret_cast<struct file_handle*>(bytes.data());
    raw->handle_bytes = MAX_HANDLE_SZ;
    int mountId = 0;
    if (::name_to_handle_at(AT_FDCWD, namespaceFile.c_str(), raw, &mountId, AT_SYMLINK_FOLLOW) == 0)
        return bytes;
    if (errno == EOPNOTSUPP || errno == ENOSYS)
        return {};
    throw std::system_error(errno, std::generic_category(), "name_to_handle_at " + namespaceFile);
}

// The names of those that are not among `these`. One that is there twice may have become another program
// meanwhile; of the rest the names count: a restarted daemon is no leak.
std::multiset<std::string> namesOfOthers(
    const std::vector<Process>& processes, const std::vector<Process>& these) {
    std::multiset<std::string> names;
    for (const auto& process : processes)
        if (std::none_of(these.begin(), these.end(), [&](const Process& other) {
                return other.pid == process.pid && other.startTime == process.startTime;
            }))
            names.insert(process.comm);
    return names;
}

// A network namespace whose last reference was a tcp socket's, dropped by RCU, is freed when the next one
// ends (Linux 6.18: net_complete_free), however long that takes.
void endOneNetNamespace() {
    const pid_t child = ::fork();
    if (child == 0)
        ::_exit(::unshare(CLONE_NEWNET));
    ::waitpid(child, nullptr, 0);
}

} // namespace

std::optional<std::uint64_t> countNetNamespaces() {
    // Without this, objects that sit in the caches of a CPU count as used.
    std::ofstream(std::string(netSlab) + "/shrink") << 1;
    std::ifstream objects(std::string(netSlab) + "/objects");
    std::uint64_t count = 0;
    return objects >> count ? std::optional(count) : std::nullopt;
}

std::vector<std::string> keptControlGroups(const std::string& keepSubtree) {
    std::vector<std::string> found;
    for (const auto& mount : MountTable::read("self").ofType("cgroup2")) {
        std::error_code error;
        for (const auto& top : std::filesystem::directory_iterator(mount.point, error)) {
            if (!top.is_directory(error) || !top.path().filename().string().starts_with(keepSubtree))
                continue;
            found.push_back(top.path());
            for (auto entry = std::filesystem::recursive_directory_iterator(top.path(), error);
                 !error && entry != std::filesystem::recursive_directory_iterator(); entry.increment(error)) {
                if (entry->is_directory(error))
                    found.push_back(entry->path());
            }
        }
        break; // another mount shows the same tree
    }
    return found;
}

LeakOracle::LeakOracle(Watched watched, std::string keepSubtree)
    : watched_(std::move(watched)), keepSubtree_(std::move(keepSubtree)) {
    adoptOrphans();
    before_ = look();
}

bool kernelHasNamespaceHandles() {
    return !handleOf("/proc/self/ns/uts").empty();
}

bool LeakOracle::mustDie(const std::string& namespaceFile) {
    auto handle = handleOf(namespaceFile);
    if (handle.empty())
        return false;
    handles_.push_back({namespaceFile, std::move(handle)});
    return true;
}

testing::AssertionResult LeakOracle::clean(std::chrono::milliseconds patience) const {
    std::vector<std::string> found;
    const auto isClean = [&] { return (found = leaks()).empty(); };
    if (eventually(isClean, patience))
        return testing::AssertionSuccess();
    if (found.size() == 1 && found.front().starts_with(netNamespaces)) {
        endOneNetNamespace();
        if (eventually(isClean, patience))
            return testing::AssertionSuccess();
    }
    auto failure = testing::AssertionFailure() << "left behind:";
    for (const auto& leak : found)
        failure << "\n  " << leak;
    return failure;
}

LeakOracle::Look LeakOracle::look() const {
    reapOrphans();
    Look now;
    for (const auto& mount : MountTable::read("self").all()) {
        if (!TempDir::isOfAnotherTest(mount.point))
            now.mounts.insert(mount.point + " (" + mount.fsType + " " + mount.root + ")");
    }
    const auto held = watched_ ? watched_() : Holdings();
    now.descriptors = held.descriptors;
    for (const auto& process : descendantsOf(::getpid())) {
        if (!held.helpers.contains(process.pid))
            now.processes.push_back(process);
    }
    for (const auto& group : keptControlGroups(keepSubtree_))
        now.controlGroups.insert(group);
    now.netNamespaces = countNetNamespaces();
    return now;
}

std::vector<std::string> LeakOracle::leaks() const {
    const auto now = look();
    std::vector<std::string> found;
    addNew(found, "mount", before_.mounts, now.mounts);
    addNew(found, "process", namesOfOthers(before_.processes, now.processes),
        namesOfOthers(now.processes, before_.processes));
    addNew(found, "control group", before_.controlGroups, now.controlGroups);
    addNew(found, "descriptor", before_.descriptors, now.descriptors);
    if (now.netNamespaces && before_.netNamespaces && *now.netNamespaces > *before_.netNamespaces)
        found.push_back(std::string(netNamespaces) + std::to_string(*now.netNamespaces) + " instead of " +
                        std::to_string(*before_.netNamespaces));
    for (const auto& handle : handles_) {
        if (isAlive(handle.bytes))
            found.push_back("the living namespace of " + handle.name);
    }
    return found;
}

} // namespace nsd::test
