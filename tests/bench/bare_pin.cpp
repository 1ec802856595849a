// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bench/bare_pin.hpp"

#include "daemon/kernel/liveness.hpp"
#include "tests/bench/system_call.hpp"

#include <ctime>
#include <fcntl.h>
#include <sched.h>
#include <stdexcept>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nsd::bench {

BarePin::BarePin(NamespaceType type)
    : type_(type),
      self_("/proc/self/ns/" + std::string(toWord(type))),
      home_(must(::open(self_.c_str(), O_RDONLY | O_CLOEXEC), "open " + self_)),
      pin_(directory_ / "pin") {
    const auto path = directory_.path().string();
    must(::mount("tmpfs", path.c_str(), "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=700"), "mount");
    must(::mount(nullptr, path.c_str(), nullptr, MS_PRIVATE, nullptr), "make private");
}

BarePin::~BarePin() {
    // Fails at the most where the constructor has not come so far.
    ::setns(home_.get(), cloneFlag(type_));
}

void BarePin::makeAndRemove() const {
    must(::unshare(cloneFlag(type_)), "unshare");
    must(::mknod(pin_.c_str(), S_IFREG | 0400, 0), "mknod " + pin_);
    must(::mount(self_.c_str(), pin_.c_str(), nullptr, MS_BIND, nullptr), "bind");
    must(::umount2(pin_.c_str(), UMOUNT_NOFOLLOW), "umount");
    must(::unlink(pin_.c_str()), "unlink");
}

void BarePin::makeAndRemoveAndWait() const {
    makeAndRemove();
    const auto liveness = [this] {
        const UniqueFd fd(must(::open(self_.c_str(), O_RDONLY | O_CLOEXEC), "open " + self_));
        return Liveness::of(fd.get(), type_);
    }();
    if (!liveness)
        throw std::runtime_error("this kernel cannot be asked whether a namespace is there");
    goHome();
    constexpr timespec betweenLooks{0, 50'000};
    while (liveness->state() != Liveness::State::Gone)
        ::nanosleep(&betweenLooks, nullptr);
}

void BarePin::goHome() const {
    must(::setns(home_.get(), cloneFlag(type_)), "setns");
}

} // namespace nsd::bench
