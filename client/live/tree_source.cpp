// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/live/tree_source.hpp"

#include "common/error.hpp"
#include "common/unique_fd.hpp"
#include "common/word_list.hpp"

#include <algorithm>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <utility>

namespace nsd::client {
namespace {

// ioctl_ns(2); 0 where it is outside of what the caller may see.
std::uint64_t ownerInodeOf(int namespaceFd) noexcept {
    const UniqueFd owner(::ioctl(namespaceFd, NS_GET_USERNS));
    struct stat status {};
    return owner && ::fstat(owner.get(), &status) == 0 ? status.st_ino : 0;
}

std::uint64_t ownerOfAdopted(Client& client, const ListedNamespace& row) {
    const auto type = contains(row.types, "user") ? std::string("user") : row.types.front();
    const auto entrance = client.enter(row.name, namespaceTypesFromWords({type}));
    return entrance.fds.empty() ? 0 : ownerInodeOf(entrance.fds.begin()->second.get());
}

void lookAt(Client& client, TreeNamespace& entry, bool needsInodes, uid_t asker) {
    if (needsInodes)
        entry.inodes = client.show(entry.row.name).inodes;
    if (entry.row.origin == "adopted")
        entry.ownerInode = asker == 0 && !entry.row.types.empty() ? ownerOfAdopted(client, entry.row) : 0;
}

} // namespace

bool isInhabited(const ListedNamespace& row) {
    return row.processes.value_or(0) > 0 || contains(row.types, "pid"); // List does not count its process 1
}

std::vector<TreeNamespace> treeNamespaces(Client& client, std::vector<ListedNamespace> rows, uid_t asker) {
    const auto initial = initialUserNamespace();
    const bool anyAdopted =
        std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.origin == "adopted"; });
    std::vector<TreeNamespace> all;
    all.reserve(rows.size());
    for (auto& row : rows) {
        const bool ownsOthers = anyAdopted && contains(row.types, "user");
        const bool needsInodes = isInhabited(row) || ownsOthers;
        TreeNamespace entry{std::move(row), {}, initial};
        try {
            lookAt(client, entry, needsInodes, asker);
        } catch (const Unanswered&) {
            throw;
        } catch (const Error& error) {
            if (error.code() == Errc::NoSuchNamespace)
                continue; // gone meanwhile
            entry.ownerInode = entry.row.origin == "adopted" ? 0 : initial;
        }
        all.push_back(std::move(entry));
    }
    return all;
}

std::uint64_t initialUserNamespace() {
    struct stat status {};
    for (const auto* path : {"/proc/1/ns/user", "/proc/self/ns/user"}) // the first is for root alone
        if (::stat(path, &status) == 0)
            return status.st_ino;
    return 0;
}

} // namespace nsd::client
