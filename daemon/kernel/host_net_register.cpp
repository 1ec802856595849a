// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/host_net_register.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/kernel/mount_point.hpp"
#include "daemon/kernel/pins.hpp"
#include "daemon/kernel/rtnetlink.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd {
namespace {

UniqueFd openDirectory(const std::string& path) {
    return UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
}

// What is mounted on the name, if that is this namespace: found without opening what else it may be.
UniqueFd openIfSame(int directory, const std::string& leaf, const NamespaceIdentity& net) {
    UniqueFd file(::openat(directory, leaf.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
    if (!file) {
        if (errno == ENOENT)
            return {};
        throw kernelError("open", "the public name " + quoted(leaf), errno);
    }
    struct stat status {};
    if (::fstat(file.get(), &status) != 0)
        throw kernelError("stat", "of the public name " + quoted(leaf), errno);
    if (status.st_dev != net.device || status.st_ino != net.inode)
        return {};
    // Inode numbers are used again.
    const UniqueFd opened(::open(pathOfFd(file.get()).c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened)
        throw kernelError("open", "the public name " + quoted(leaf), errno);
    return identifyNamespace(opened.get()).sameAs(net) ? std::move(file) : UniqueFd();
}

// The mount point of one that was killed before it bound anything there: by its mode nsd's (bindPin), for ip
// and others leave those of theirs with other ones.
bool isLeftover(int directory, const std::string& leaf) {
    constexpr mode_t ours = S_IFREG | 0600;
    struct stat status {};
    return ::fstatat(directory, leaf.c_str(), &status, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT) == 0 &&
           status.st_mode == ours && status.st_uid == 0 && status.st_size == 0;
}

// As ip-netns(8) does: what is mounted in it is to reach the mount namespaces of services, and what is
// unmounted is to go there, too. One lock for all who do this at once, or the directory would be mounted
// on itself again and again; whoever cannot have it goes on, since every user can hold it.
void spread(const std::string& path) {
    const auto below = openDirectory(path);
    const bool locked = below && ::flock(below.get(), LOCK_EX | LOCK_NB) == 0;
    for (bool mounted = false; ::mount("", path.c_str(), "none", MS_SHARED | MS_REC, nullptr) != 0;
         mounted = true) {
        if (errno != EINVAL || mounted)
            throw kernelError("share what is mounted in", quoted(path), errno);
        if (::mount(path.c_str(), path.c_str(), "none", MS_BIND | MS_REC, nullptr) != 0)
            throw kernelError("bind on itself", quoted(path), errno);
    }
    if (locked)
        ::flock(below.get(), LOCK_UN);
}

} // namespace

std::string HostNetRegister::pathOf(const Name& name) const {
    return directory_ + '/' + name.str();
}

UniqueFd HostNetRegister::prepare() const {
    constexpr mode_t mode = 0755;
    if (::mkdir(directory_.c_str(), mode) != 0 && errno != EEXIST)
        throw kernelError("make", "the directory " + quoted(directory_), errno);
    spread(directory_);
    auto directory = openDirectory(directory_);
    if (!directory)
        throw kernelError("open", "the directory " + quoted(directory_), errno);
    return directory;
}

UniqueFd HostNetRegister::open() const {
    auto directory = openDirectory(directory_);
    if (!directory && errno != ENOENT)
        throw kernelError("open", "the directory " + quoted(directory_), errno);
    return directory;
}

void HostNetRegister::show(int netNsFd, const Name& name) {
    const auto directory = prepare();
    try {
        bindPin(netNsFd, directory.get(), name.str());
    } catch (const Error& error) {
        if (error.errnoValue() != EEXIST)
            throw;
        throw Error(Errc::NameExists,
            quoted(pathOf(name)) + " is there already, as ip netns would show it: take another name, or "
                                   "do not publish it",
            EEXIST);
    }
}

bool HostNetRegister::shows(const Name& name, const NamespaceIdentity& net) const {
    const auto directory = open();
    return directory && openIfSame(directory.get(), name.str(), net);
}

bool HostNetRegister::hide(const Name& name, const NamespaceIdentity& net) {
    const auto directory = open();
    if (!directory)
        return false;
    bool hidden = false;
    // By the descriptor of this very mount, so that another that takes its place meanwhile stays.
    while (const auto mounted = openIfSame(directory.get(), name.str(), net)) {
        if (::umount2(pathOfFd(mounted.get()).c_str(), MNT_DETACH) != 0)
            throw kernelError("unmount", "the public name " + quoted(name.str()), errno);
        hidden = true;
    }
    // Not before: the unlink would take away whatever else is mounted there, in every mount namespace.
    if ((hidden || isLeftover(directory.get(), name.str())) && !isMountPoint(directory.get(), name.str()) &&
        ::unlinkat(directory.get(), name.str().c_str(), 0) != 0 && errno != ENOENT)
        throw kernelError("unlink", "the public name " + quoted(name.str()), errno);
    return hidden;
}

std::int32_t HostNetRegister::number(int netNsFd) {
    return rtnetlink::assignNsid(netNsFd);
}

} // namespace nsd
