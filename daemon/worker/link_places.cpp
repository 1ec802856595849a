// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/link_places.hpp"

#include "common/error.hpp"
#include "common/unique_fd.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <utility>

namespace nsd::worker {
namespace {

bool isOfAnotherUserNamespace(int netNs) {
    const UniqueFd owner(::ioctl(netNs, NS_GET_USERNS));
    const UniqueFd own(::open("/proc/self/ns/user", O_RDONLY | O_CLOEXEC));
    struct stat theirs {};
    struct stat ours {};
    if (!owner || !own || ::fstat(owner.get(), &theirs) != 0 || ::fstat(own.get(), &ours) != 0)
        throw kernelError("ask for", "the owner of a network namespace", errno);
    return theirs.st_dev != ours.st_dev || theirs.st_ino != ours.st_ino;
}

// What the kernel says of it is said of no other link, and nobody can change it.
bool isHardware(const LinkIdentity& identity) {
    return !identity.parentDevice.empty() || (identity.kind.empty() && !identity.permanentMac.empty());
}

bool isOfTheSameMake(const LinkIdentity& one, const LinkIdentity& other) {
    return one.kind == other.kind && one.parentDevice == other.parentDevice &&
           one.permanentMac == other.permanentMac;
}

std::vector<int> descriptorsOf(int home, int inside) {
    return inside < 0 ? std::vector{home} : std::vector{home, inside};
}

} // namespace

bool hasAltName(const LinkState& link, const std::string& name) {
    return std::find(link.altNames.begin(), link.altNames.end(), name) != link.altNames.end();
}

LinkPlaces::LinkPlaces(int home, int inside)
    : LinkPlaces(home, inside, Netlink::inside(descriptorsOf(home, inside))) {}

LinkPlaces::LinkPlaces(int home, int inside, std::vector<Netlink> sockets)
    : homeFd_(home), insideFd_(inside), home_(std::move(sockets.front())) {
    if (inside < 0)
        return;
    inside_.emplace(std::move(sockets.back()));
    foreign_ = isOfAnotherUserNamespace(inside);
}

bool LinkPlaces::areTheSame() const {
    struct stat one {};
    struct stat other {};
    if (::fstat(homeFd_, &one) != 0 || ::fstat(insideFd_, &other) != 0)
        throw kernelError("look at", "a network namespace", errno);
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

bool LinkPlaces::canTellApart(const LinkState& atHome) const {
    return !foreign_ || isHardware(atHome.identity) || (atHome.identity.peerIndex != 0 && !atHome.peerNsid);
}

// Asked only now: the kernel gives home a number inside when it first speaks of it there.
bool LinkPlaces::hasItsPeerAtHome(const LinkCustody& custody, const LinkState& inside) {
    return custody.identity.peerIndex != 0 && inside.identity.peerIndex == custody.identity.peerIndex &&
           inside.peerNsid && inside.peerNsid == inside_->nsidOf(homeFd_);
}

bool LinkPlaces::isIt(const LinkCustody& custody, const LinkState& inside) {
    return isOfTheSameMake(custody.identity, inside.identity) &&
           (!foreign_ || isHardware(custody.identity) || hasItsPeerAtHome(custody, inside));
}

std::optional<LinkState> LinkPlaces::findInside(const LinkCustody& custody) {
    if (!inside_)
        return std::nullopt;
    if (auto link = inside_->byIndex(custody.insideIndex); link && isIt(custody, *link))
        return link;
    for (auto& link : inside_->all()) {
        const bool isTheOnlyOne = isHardware(custody.identity) ||
                                  (custody.identity.kind == "veth" && hasItsPeerAtHome(custody, link));
        if ((isTheOnlyOne || hasAltName(link, custody.tag)) && isIt(custody, link))
            return std::move(link);
    }
    return std::nullopt;
}

std::optional<LinkState> LinkPlaces::findOnItsWay(const LinkCustody& custody) {
    for (auto& link : home_.all())
        if ((isHardware(custody.identity) || hasAltName(link, custody.tag)) &&
            isOfTheSameMake(custody.identity, link.identity))
            return std::move(link);
    return std::nullopt;
}

std::optional<LinkState> LinkPlaces::findSettled(const LinkCustody& custody) {
    for (auto& link : {home_.byIndex(custody.homeIndex), home_.byName(custody.name)})
        if (link && isOfTheSameMake(custody.identity, link->identity) && link->mac == custody.mac)
            return link;
    return std::nullopt;
}

} // namespace nsd::worker
