// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/live/namespace_tree.hpp"

#include "client/cli/users.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace nsd::client {
namespace {

// The same fields in each kind of node: columns are those of the first.
Record node(const char* kind, std::string name) {
    return {{
        {"kind", "", kind},
        {"name", "Name", std::move(name)},
        {"types", "Types", std::vector<std::string>()},
        {"user", "User", nullptr, "-"},
        {"state", "State", nullptr, "-"},
        {"pid", "PID", nullptr},
        {"children", "", std::vector<Record>()},
    }};
}

Field& fieldOf(Record& record, std::string_view key) {
    return *std::find_if(
        record.fields.begin(), record.fields.end(), [&](const Field& field) { return field.key == key; });
}

std::vector<Record>& childrenOf(Record& record) {
    return std::get<std::vector<Record>>(fieldOf(record, "children").value);
}

void setUser(Record& record, uid_t uid) {
    auto& field = fieldOf(record, "user");
    field.value = std::uint64_t{uid};
    field.text = userName(uid);
}

// The processes of one namespace, as a forest.
class Members {
  public:
    Members(const std::map<std::string, std::uint64_t>& inodes, const std::vector<SeenProcess>& processes) {
        if (inodes.empty())
            return;
        for (const auto& process : processes)
            if (auto types = sharedTypes(process, inodes); !types.empty())
                inside_.emplace(process.pid, std::pair(&process, std::move(types)));
        for (const auto& [pid, member] : inside_)
            below_[inside_.contains(member.first->parent) ? member.first->parent : 0].push_back(pid);
    }

    // Those below this one, or below nobody. A pid has one parent, and no process is its own ancestor.
    [[nodiscard]] std::vector<Record> below(pid_t parent) const {
        std::vector<Record> records;
        const auto found = below_.find(parent);
        if (found == below_.end())
            return records;
        for (const auto pid : found->second) {
            const auto& [process, types] = inside_.at(pid);
            auto record = node("process", process->comm);
            fieldOf(record, "types").value = types;
            setUser(record, process->user);
            fieldOf(record, "pid").value = std::uint64_t{static_cast<std::uint32_t>(pid)};
            childrenOf(record) = below(pid);
            records.push_back(std::move(record));
        }
        return records;
    }

  private:
    std::map<pid_t, std::pair<const SeenProcess*, std::vector<std::string>>> inside_;
    std::map<pid_t, std::vector<pid_t>> below_;
};

class Builder {
  public:
    Builder(const std::vector<TreeNamespace>& namespaces, const std::vector<SeenProcess>& processes)
        : processes_(processes) {
        std::map<std::uint64_t, const TreeNamespace*> named; // by the inode of their user namespace
        for (const auto& entry : namespaces)
            if (const auto user = entry.inodes.find("user"); user != entry.inodes.end())
                named.emplace(user->second, &entry);
        for (const auto& entry : namespaces) {
            const auto owner = named.find(entry.ownerInode);
            if (owner != named.end() && owner->second != &entry)
                owned_[owner->second].push_back(&entry);
            else
                roots_[entry.ownerInode].push_back(&entry);
        }
    }

    [[nodiscard]] const std::map<std::uint64_t, std::vector<const TreeNamespace*>>& roots() const noexcept {
        return roots_;
    }

    [[nodiscard]] Record record(const TreeNamespace& entry) const {
        auto record = node("namespace", entry.row.name);
        fieldOf(record, "types").value = entry.row.types;
        setUser(record, entry.row.owner);
        auto& state = fieldOf(record, "state");
        state.value = entry.row.state;
        state.text.clear();
        state.alarming = entry.row.state == "degraded";
        childrenOf(record) = Members(entry.inodes, processes_).below(0);
        if (const auto owned = owned_.find(&entry); owned != owned_.end())
            for (const auto* below : owned->second)
                childrenOf(record).push_back(this->record(*below));
        return record;
    }

  private:
    const std::vector<SeenProcess>& processes_;
    std::map<std::uint64_t, std::vector<const TreeNamespace*>> roots_;
    std::map<const TreeNamespace*, std::vector<const TreeNamespace*>> owned_;
};

std::string nameOfRoot(std::uint64_t inode, std::uint64_t initial) {
    if (inode == initial)
        return "initial user namespace";
    return inode == 0 ? "unknown user namespace" : "user namespace " + std::to_string(inode);
}

} // namespace

std::vector<Record> namespaceTree(const std::vector<TreeNamespace>& namespaces,
    const std::vector<SeenProcess>& processes, std::uint64_t initialUserNamespace) {
    const Builder builder(namespaces, processes);
    std::vector<Record> roots;
    for (const auto& [inode, entries] : builder.roots()) {
        auto root = node("user-namespace", nameOfRoot(inode, initialUserNamespace));
        for (const auto* entry : entries)
            childrenOf(root).push_back(builder.record(*entry));
        roots.push_back(std::move(root));
    }
    return roots;
}

} // namespace nsd::client
