// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/lease_files.hpp"

#include "common/directory_entries.hpp"
#include "common/error.hpp"
#include "common/scope_guard.hpp"
#include "daemon/core/beneath.hpp"
#include "daemon/core/strict_json.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <optional>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd {
namespace {

constexpr std::string_view metaEnding = ".meta";
constexpr std::size_t maxMeta = 4096;

std::string fifoLeaf(std::uint32_t number) {
    return std::to_string(number);
}

std::string metaLeaf(std::uint32_t number) {
    return std::to_string(number) + std::string(metaEnding);
}

struct LeafName {
    std::uint32_t number;
    bool meta;
};

// Only what fifoLeaf and metaLeaf write.
std::optional<LeafName> parseLeaf(std::string_view leaf) {
    const bool meta = leaf.ends_with(metaEnding);
    if (meta)
        leaf.remove_suffix(metaEnding.size());
    std::uint32_t number = 0;
    const auto [end, problem] = std::from_chars(leaf.data(), leaf.data() + leaf.size(), number);
    if (problem != std::errc() || fifoLeaf(number) != leaf)
        return std::nullopt;
    return LeafName{number, meta};
}

// The file type bits of a thing that may go at any time; 0: it did.
mode_t typeOf(int directory, const std::string& leaf) {
    struct stat status {};
    if (::fstatat(directory, leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0)
        return status.st_mode & S_IFMT;
    if (errno == ENOENT)
        return 0;
    throw kernelError("fstatat", leaf, errno);
}

std::string toText(const LeaseHolder& holder) {
    return nlohmann::json{{"uid", holder.uid}, {"ground", holder.ground}}.dump() + '\n';
}

LeaseHolder readHolder(int leases, std::uint32_t number) {
    const auto leaf = metaLeaf(number);
    // Without exceptions: the parser's own messages quote what it was given.
    const auto object = nlohmann::json::parse(readSmallFile(leases, leaf, maxMeta), nullptr, false);
    StrictObject fields(object, leaf);
    LeaseHolder holder{fields.get<std::uint32_t>("uid"), fields.get<std::string>("ground")};
    fields.finish();
    return holder;
}

// A FIFO that nobody has open for writing gives an end of file; one that somebody has, what he wrote
// or nothing yet.
bool isHeld(int reader, const std::string& leaf) {
    std::array<char, 1> byte{};
    const auto got = ::read(reader, byte.data(), byte.size());
    if (got < 0 && errno != EAGAIN)
        throw kernelError("read", leaf, errno);
    return got != 0;
}

void judgeFifo(int leases, std::uint32_t number, FoundLeases& found) {
    auto holder = readHolder(leases, number);
    auto reader = openBeneath(leases, fifoLeaf(number), O_RDONLY);
    if (isHeld(reader.get(), fifoLeaf(number)))
        found.held.push_back({number, std::move(holder), std::move(reader)});
    else
        found.closed.push_back(number);
}

void judge(int leases, const std::string& leaf, FoundLeases& found) {
    const auto name = parseLeaf(leaf);
    const auto type = typeOf(leases, leaf);
    if (!name || type != (name->meta ? S_IFREG : S_IFIFO))
        throw Error(Errc::InvalidArgument, "it is no lease");
    if (!name->meta)
        judgeFifo(leases, name->number, found);
    else if (typeOf(leases, fifoLeaf(name->number)) != S_IFIFO)
        found.halfMade.push_back(name->number);
}

} // namespace

UniqueFd openLeases(int namespaceDirectory) {
    if (::mkdirat(namespaceDirectory, leasesLeaf, S_IRWXU) != 0 && errno != EEXIST)
        throw kernelError("mkdir", leasesLeaf, errno);
    return openBeneath(namespaceDirectory, leasesLeaf, O_RDONLY | O_DIRECTORY, Mounts::Stay);
}

UniqueFd openLeasesIfThere(int namespaceDirectory) {
    try {
        return openBeneath(namespaceDirectory, leasesLeaf, O_RDONLY | O_DIRECTORY, Mounts::Stay);
    } catch (const Error& error) {
        if (error.errnoValue() == ENOENT)
            return UniqueFd();
        throw;
    }
}

LeaseEnds makeLease(int leases, std::uint32_t number, const LeaseHolder& holder) {
    UndoStack undo;
    writeNewFile(leases, metaLeaf(number), toText(holder));
    undo.push([&] { ::unlinkat(leases, metaLeaf(number).c_str(), 0); });
    const auto fifo = fifoLeaf(number);
    if (::mkfifoat(leases, fifo.c_str(), S_IRUSR | S_IWUSR) != 0)
        throw kernelError("mkfifo", fifo, errno);
    undo.push([&] { ::unlinkat(leases, fifo.c_str(), 0); });
    // The reader first: without one there is no opening for writing that does not wait.
    auto reader = openBeneath(leases, fifo, O_RDONLY);
    auto writer = openBeneath(leases, fifo, O_WRONLY);
    undo.commit();
    return {std::move(reader), std::move(writer)};
}

void removeLease(int leases, std::uint32_t number) {
    removeFile(leases, fifoLeaf(number));
    removeFile(leases, metaLeaf(number));
}

FoundLeases findLeases(int leases) {
    FoundLeases found;
    for (const auto& leaf : entriesOf(leases)) {
        try {
            judge(leases, leaf, found);
        } catch (const Error& error) {
            if (error.code() == Errc::LimitExceeded)
                throw; // nothing is known against it
            found.rubbish.emplace_back(leaf, error.text());
        }
    }
    return found;
}

void discardLeases(int namespaceDirectory) {
    if (typeOf(namespaceDirectory, leasesLeaf) != S_IFDIR)
        return;
    const auto leases = openLeases(namespaceDirectory);
    for (const auto& leaf : entriesOf(leases.get()))
        if (const auto name = parseLeaf(leaf);
            name && typeOf(leases.get(), leaf) == (name->meta ? S_IFREG : S_IFIFO))
            removeFile(leases.get(), leaf);
    if (::unlinkat(namespaceDirectory, leasesLeaf, AT_REMOVEDIR) != 0 && errno != ENOTEMPTY)
        throw kernelError("rmdir", leasesLeaf, errno);
}

} // namespace nsd
