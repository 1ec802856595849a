// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/liveness.hpp"

#include "common/linux_numbers.hpp"
#include "common/unique_fd.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace nsd {
namespace {

constexpr std::size_t handleBytes = 64; // nsfs needs 16 (Linux 6.18)
constexpr long listmountCall = 458;     // 6.8, for other mount namespaces 6.11

// struct mnt_id_req and LSMT_ROOT of <linux/mount.h>, newer than the headers of Debian 12.
struct MountIdRequest {
    std::uint32_t size;
    std::uint32_t spare;
    std::uint64_t mountId;
    std::uint64_t lastMountId;
    std::uint64_t mountNamespaceId;
};
constexpr std::uint64_t rootOfNamespace = ~std::uint64_t{0};

Liveness::State stateOfError(int error, int gone) {
    if (error == gone)
        return Liveness::State::Gone;
    return error == EMFILE || error == ENFILE || error == ENOMEM ? Liveness::State::Busy
                                                                 : Liveness::State::Unable;
}

Liveness::State stateOfMountNamespace(std::uint64_t id) {
    const MountIdRequest request{sizeof request, 0, rootOfNamespace, 0, id};
    std::uint64_t mount = 0;
    if (::syscall(listmountCall, &request, &mount, std::size_t{1}, 0U) >= 0)
        return Liveness::State::Alive;
    return stateOfError(errno, ENOENT);
}

Liveness::State stateOfHandle(std::vector<std::uint64_t> handle) {
    const UniqueFd fd(::open_by_handle_at(linux_numbers::fdNsfsRoot,
        reinterpret_cast<struct file_handle*>(handle.data()), O_RDONLY | O_CLOEXEC));
    return fd ? Liveness::State::Alive : stateOfError(errno, ESTALE);
}

} // namespace

std::optional<Liveness> Liveness::byHandle(int nsFd) {
    std::vector<std::uint64_t> words(
        (sizeof(struct file_handle) + handleBytes) / sizeof(std::uint64_t) + 1, 0);
    auto* handle = reinterpret_cast<struct file_handle*>(words.data());
    handle->handle_bytes = handleBytes;
    int mountId = 0;
    if (::name_to_handle_at(nsFd, "", handle, &mountId, AT_EMPTY_PATH) != 0)
        return std::nullopt;
    return Liveness(Key(std::move(words)));
}

std::optional<Liveness> Liveness::byMountId(int nsFd) {
    std::uint64_t id = 0;
    if (::ioctl(nsFd, linux_numbers::nsGetMntnsId, &id) != 0)
        return std::nullopt;
    return Liveness(Key(MountNamespaceId{id}));
}

std::optional<Liveness> Liveness::of(int nsFd, NamespaceType type) {
    // A mount namespace is never opened to see whether it is there: for that moment we would hold it,
    // and if everybody else let go just then, its file systems would be unmounted by our close(2).
    auto liveness = type == NamespaceType::Mnt ? byMountId(nsFd) : byHandle(nsFd);
    if (!liveness)
        return std::nullopt;
    const auto state = liveness->state();
    return state == State::Alive || state == State::Busy ? liveness : std::nullopt;
}

Liveness::State Liveness::state() const {
    if (const auto* handle = std::get_if<FileHandle>(&key_))
        return stateOfHandle(*handle);
    return stateOfMountNamespace(std::get<MountNamespaceId>(key_).id);
}

} // namespace nsd
