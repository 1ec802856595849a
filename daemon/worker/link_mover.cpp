// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/link_mover.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "common/uuid.hpp"
#include "daemon/worker/link_restorer.hpp"

#include <algorithm>
#include <cerrno>
#include <string_view>

namespace nsd::worker {
namespace {

constexpr std::string_view tagPrefix = "nsd-";

// One that a link has from a daemon that was killed is not its owner's.
bool isTag(const std::string& name) {
    return name.starts_with(tagPrefix) && Uuid::parse(std::string_view(name).substr(tagPrefix.size()));
}

[[noreturn]] void refuse(const LinkState& link, const std::string& why) {
    throw Error(Errc::InvalidArgument, describeLink(link) + " cannot move: " + why);
}

// A way for what the kernel does not let out of its network namespace.
std::string adviceFor(LinkTable& home, const LinkState& link) {
    if (home.isWireless(link.name))
        return "a wireless link goes with its radio, as a whole: iw phy NAME set netns";
    return "the kernel keeps links of this kind in the network namespace that they were made in";
}

void refuseWhatIsTaken(LinkTable& inside, const std::string& name) {
    if (const auto other = inside.byName(name))
        throw Error(Errc::NameExists, "the namespace has a link " + quoted(name) + " already" +
                                          (other->name == name ? "" : " (" + quoted(other->name) + ")") +
                                          "; give another name for inside");
}

// Undoes a move that failed, and says what could not be undone.
[[noreturn]] void putBack(LinkPlaces& places, const LinkCustody& custody, const Error& error) {
    std::string text = error.text();
    try {
        for (const auto& remark : LinkRestorer(places, custody).run().remarks)
            text += "; " + remark;
    } catch (const Error& second) {
        text += "; and it could not be put back: " + second.text();
    }
    throw Error(error.code(), text, error.errnoValue());
}

void leaveHome(LinkPlaces& places, const LinkState& link, const std::string& name, bool up) {
    try {
        places.home().sendTo(places.insideFd(), link, name, up);
    } catch (const Error& error) {
        // The first thing that the kernel looks at, so it is still here.
        if (error.errnoValue() == EINVAL && places.home().byIndex(link.index))
            throw Error(Errc::InvalidArgument, error.text() + ": " + adviceFor(places.home(), link), EINVAL);
        if (error.errnoValue() == EEXIST)
            throw Error(Errc::NameExists, error.text(), EEXIST);
        throw;
    }
}

} // namespace

LinkCustody inspectLink(LinkPlaces& places, const std::string& name) {
    auto& home = places.home();
    auto link = home.byName(name);
    if (!link)
        throw Error(Errc::InvalidArgument, "there is no link " + quoted(name) + " to move");
    if (places.areTheSame())
        refuse(*link, "it is in the network namespace already that it is to go to");
    if (link->isLoopback)
        refuse(*link, "every network namespace has its own");
    if (link->isImmutable)
        refuse(*link, adviceFor(home, *link));
    if (!places.canTellApart(*link))
        refuse(*link,
            "the namespace belongs to a user, who could put another link in its place, and nsd could "
            "not tell them apart when it is to come home");
    if (link->peerNsid)
        link->identity.peerIndex = 0; // a number of a third network namespace says nothing
    std::erase_if(link->altNames, isTag);
    LinkCustody custody;
    custody.tag = std::string(tagPrefix) + Uuid::random().str();
    custody.name = link->name;
    custody.homeIndex = link->index;
    custody.identity = link->identity;
    custody.altNames = link->altNames;
    custody.mac = link->mac;
    custody.mtu = link->mtu;
    custody.wasUp = link->isUp;
    custody.master = link->master;
    return custody;
}

MovedLink moveLink(LinkPlaces& places, const LinkCustody& custody, const std::string& name, bool up) {
    auto& home = places.home();
    const auto link = home.byIndex(custody.homeIndex);
    if (!link || link->name != custody.name)
        throw Error(
            Errc::InvalidArgument, "the link " + quoted(custody.name) + " went, or was renamed, just now");
    refuseWhatIsTaken(places.inside(), name);
    for (const auto& altName : link->altNames)
        refuseWhatIsTaken(places.inside(), altName);
    try {
        home.addAltName(*link, custody.tag);
        leaveHome(places, *link, name, up);
        if (const auto arrived = places.findInside(custody))
            return {arrived->index, arrived->name};
        throw Error(Errc::KernelError, describeLink(*link) + " went away as soon as it was in the namespace");
    } catch (const Error& error) {
        putBack(places, custody, error);
    }
}

} // namespace nsd::worker
