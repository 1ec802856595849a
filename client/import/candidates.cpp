// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/import/candidates.hpp"

#include "common/directory_entries.hpp"
#include "common/error.hpp"
#include "common/nsfs.hpp"
#include "common/quote.hpp"
#include "common/uuid.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace nsd::client {
namespace {

constexpr auto iproute2 = "ip netns";

UniqueFd openDirectory(const std::string& path) {
    return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

// "netns-<uuid>", as CNI's library and podman name theirs: "cni-<uuid>".
bool isUuidBehind(std::string_view prefix, std::string_view name) {
    constexpr std::size_t dashed = 36;
    if (!name.starts_with(prefix) || name.size() != prefix.size() + dashed)
        return false;
    std::string digits(name.substr(prefix.size()));
    std::erase(digits, '-');
    return Uuid::parse(digits).has_value();
}

// Podman and others put theirs beside those of ip netns.
std::string makerOf(const CandidateSource& source, std::string_view name) {
    if (source.maker != iproute2)
        return source.maker;
    if (isUuidBehind("netns-", name))
        return "podman";
    return isUuidBehind("cni-", name) ? "CNI" : source.maker;
}

// Looked at before it is opened: whatever else lies there may be a device or a FIFO.
UniqueFd openNetwork(int directory, const std::string& name) {
    const UniqueFd file(::openat(directory, name.c_str(), O_PATH | O_CLOEXEC));
    if (!file || !isNamespaceFd(file.get()))
        return {};
    UniqueFd opened(::open(("/proc/self/fd/" + std::to_string(file.get())).c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened)
        throw kernelError("open", quoted(name), errno);
    return identifyNamespace(opened.get()).type == NamespaceType::Net ? std::move(opened) : UniqueFd();
}

// Docker has its host's among them.
bool isOwn(int netNsFd) {
    struct stat own {};
    struct stat other {};
    return ::stat("/proc/self/ns/net", &own) == 0 && ::fstat(netNsFd, &other) == 0 &&
           own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

void addFrom(const CandidateSource& source, int directory, std::vector<Candidate>& found) {
    for (const auto& name : entriesOf(directory))
        if (auto fd = openNetwork(directory, name); fd && !isOwn(fd.get()))
            found.push_back({name, source.directory + '/' + name, makerOf(source, name), std::move(fd)});
}

} // namespace

std::vector<CandidateSource> knownSources() {
    const char* runtime = std::getenv("XDG_RUNTIME_DIR"); // NOLINT: one thread
    const std::string user =
        runtime != nullptr && *runtime == '/' ? runtime : "/run/user/" + std::to_string(::geteuid());
    return {{"/run/netns", iproute2}, {user + "/netns", "podman"}, {"/run/docker/netns", "docker"}};
}

std::vector<Candidate> findCandidates(const std::vector<CandidateSource>& sources) {
    std::vector<Candidate> found;
    for (const auto& source : sources) {
        const auto directory = openDirectory(source.directory);
        if (!directory && errno != ENOENT && errno != EACCES && errno != ENOTDIR)
            throw kernelError("open", "the directory " + quoted(source.directory), errno);
        if (directory)
            addFrom(source, directory.get(), found);
    }
    return found;
}

std::vector<Candidate> findCandidates(const std::string& path) {
    const auto directory = openDirectory(path);
    if (!directory)
        throw kernelError("open", "the directory " + quoted(path), errno);
    std::vector<Candidate> found;
    addFrom({path, ""}, directory.get(), found);
    return found;
}

} // namespace nsd::client
