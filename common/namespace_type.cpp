// SPDX-License-Identifier: LGPL-2.1-or-later
#include "common/namespace_type.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"

#include <bitset>
#include <sched.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

namespace nsd {
namespace {

struct Row {
    NamespaceType type;
    std::string_view word;
    int flag;
    std::string_view afterUnshare;
};

constexpr std::array rows{
    Row{NamespaceType::Cgroup, "cgroup", CLONE_NEWCGROUP, "cgroup"},
    Row{NamespaceType::Ipc, "ipc", CLONE_NEWIPC, "ipc"},
    Row{NamespaceType::Mnt, "mnt", CLONE_NEWNS, "mnt"},
    Row{NamespaceType::Net, "net", CLONE_NEWNET, "net"},
    Row{NamespaceType::Pid, "pid", CLONE_NEWPID, "pid_for_children"},
    Row{NamespaceType::Time, "time", CLONE_NEWTIME, "time_for_children"},
    Row{NamespaceType::User, "user", CLONE_NEWUSER, "user"},
    Row{NamespaceType::Uts, "uts", CLONE_NEWUTS, "uts"},
};

constexpr bool inOrder() {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].type != allNamespaceTypes[i] || static_cast<std::size_t>(rows[i].type) != i)
            return false;
    return rows.size() == allNamespaceTypes.size();
}
static_assert(inOrder(), "the table is indexed by the type");

const Row& rowOf(NamespaceType type) noexcept {
    return rows[static_cast<std::size_t>(type)];
}

} // namespace

std::string_view toWord(NamespaceType type) noexcept {
    return rowOf(type).word;
}
int cloneFlag(NamespaceType type) noexcept {
    return rowOf(type).flag;
}
std::string_view procFileAfterUnshare(NamespaceType type) noexcept {
    return rowOf(type).afterUnshare;
}

NamespaceType namespaceTypeFromWord(std::string_view word) {
    for (const auto& row : rows)
        if (row.word == word)
            return row.type;
    throw Error(Errc::InvalidArgument,
        quoted(word) + " is not a namespace type; the types are " + describe(NamespaceTypes::all()));
}

NamespaceType namespaceTypeFromCloneFlag(int flag) {
    for (const auto& row : rows)
        if (row.flag == flag)
            return row.type;
    throw Error(Errc::WrongFd, "the file descriptor is of a kind of namespace that nsd does not know");
}

std::size_t NamespaceTypes::size() const noexcept {
    return std::bitset<8>(bits_).count();
}

std::vector<std::string> toWords(NamespaceTypes types) {
    std::vector<std::string> words;
    for (const auto type : types)
        words.emplace_back(toWord(type));
    return words;
}

std::string describe(NamespaceTypes types) {
    std::string text;
    for (const auto type : types) {
        if (!text.empty())
            text += ", ";
        text += toWord(type);
    }
    return text;
}

NamespaceTypes namespaceTypesFromWords(const std::vector<std::string>& words) {
    if (words.empty())
        throw Error(Errc::InvalidArgument,
            "no namespace type was given; the types are " + describe(NamespaceTypes::all()));
    NamespaceTypes types;
    for (const auto& word : words) {
        const auto type = namespaceTypeFromWord(word);
        if (types.contains(type))
            throw Error(Errc::InvalidArgument, "the type " + quoted(word) + " is given twice");
        types.insert(type);
    }
    return types;
}

} // namespace nsd
