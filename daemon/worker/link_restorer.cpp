// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/link_restorer.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "common/word_list.hpp"

#include <algorithm>
#include <cerrno>
#include <net/if.h>

namespace nsd::worker {
namespace {

// Whether a character of UTF-8 would be cut in two there.
bool isInsideCharacter(const std::string& text, std::size_t at) {
    constexpr unsigned continuation = 0x80;
    return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0U) == continuation;
}

// Whether freeName() could have made it: "eth0-1" of "eth0".
bool isMadeOf(const std::string& name, const std::string& wanted) {
    const auto dash = name.rfind('-');
    return dash != std::string::npos && dash + 1 < name.size() &&
           name.find_first_not_of("0123456789", dash + 1) == std::string::npos &&
           wanted.starts_with(name.substr(0, dash));
}

} // namespace

ReturnedLink LinkRestorer::run() {
    if (const auto link = places_.findInside(custody_))
        leaveInside(*link);
    if (auto link = places_.findOnItsWay(custody_)) {
        settle(std::move(*link));
    } else if (const auto settled = places_.findSettled(custody_)) {
        returned_.name = settled->name;
    } else {
        returned_.end = ReturnedLink::End::Gone;
        returned_.remarks.push_back("the link " + quoted(custody_.name) +
                                    " does not come home: it was deleted, or taken to another network "
                                    "namespace, or what is there in its place is not it");
    }
    return std::move(returned_);
}

// Somebody may take the name at home, or give it a name inside that is taken there, between our look and
// the move: then once more.
void LinkRestorer::leaveInside(const LinkState& link) {
    constexpr int attempts = 10;
    for (int attempt = 1;; ++attempt) {
        prepareAltNames(link);
        try {
            places_.inside().sendTo(places_.homeFd(), link, freeName(), false);
            return;
        } catch (const Error& error) {
            if (!places_.findInside(custody_)) // it has moved, but its name was refused
                return;
            if (error.errnoValue() != EEXIST || attempt == attempts)
                throw;
        }
    }
}

// Only the tag goes with it: the kernel would not move a link one of whose names is taken at home.
void LinkRestorer::prepareAltNames(const LinkState& link) {
    auto& inside = places_.inside();
    if (const auto holder = inside.byName(custody_.tag); holder && holder->index != link.index)
        inside.removeAltName(*holder, custody_.tag);
    const auto now = inside.byIndex(link.index);
    if (!now)
        return;
    for (const auto& name : now->altNames)
        if (name != custody_.tag)
            inside.removeAltName(link, name);
    if (!hasAltName(*now, custody_.tag))
        inside.addAltName(link, custody_.tag);
}

std::string LinkRestorer::freeName() {
    constexpr std::size_t longest = IFNAMSIZ - 1;
    auto name = custody_.name;
    for (unsigned n = 1; places_.home().byName(name); ++n) {
        const auto ending = "-" + std::to_string(n);
        auto kept = std::min(custody_.name.size(), longest - ending.size());
        while (kept > 0 && isInsideCharacter(custody_.name, kept))
            --kept;
        name = custody_.name.substr(0, kept) + ending;
    }
    return name;
}

template <class Step>
void LinkRestorer::tryTo(Step step) {
    try {
        step();
    } catch (const Error& error) {
        returned_.remarks.push_back(error.text());
    }
}

void LinkRestorer::settle(LinkState link) {
    auto& home = places_.home();
    tryTo([&] { settleName(link); });
    if (!custody_.mac.empty() && link.mac != custody_.mac)
        tryTo([&] { home.setMac(link, custody_.mac); });
    if (link.mtu != custody_.mtu)
        tryTo([&] { home.setMtu(link, custody_.mtu); });
    settleAltNames(link);
    if (!custody_.master.empty() && link.master != custody_.master)
        tryTo([&] { settleMaster(link); });
    if (link.isUp != custody_.wasUp)
        tryTo([&] { home.setUp(link, custody_.wasUp); });
    if (hasAltName(link, custody_.tag))
        tryTo([&] { home.removeAltName(link, custody_.tag); });
    returned_.name = link.name;
}

void LinkRestorer::settleName(LinkState& link) {
    if (link.name == custody_.name)
        return;
    auto& home = places_.home();
    const bool isFree = !home.byName(custody_.name);
    // A name that an earlier attempt has given it is as good as any.
    if (isFree || !isMadeOf(link.name, custody_.name)) {
        const auto name = freeName();
        if (link.isUp) { // before Linux 6.2 only a link that is down can be renamed
            home.setUp(link, false);
            link.isUp = false;
        }
        home.rename(link, name);
        link.name = name;
    }
    if (!isFree)
        returned_.remarks.push_back("the link " + quoted(custody_.name) + " is at home as " +
                                    quoted(link.name) + ": another link there has its name");
}

void LinkRestorer::settleAltNames(const LinkState& link) {
    auto& home = places_.home();
    for (const auto& name : link.altNames)
        if (name != custody_.tag && !contains(custody_.altNames, name))
            tryTo([&] { home.removeAltName(link, name); });
    for (const auto& name : custody_.altNames)
        if (!hasAltName(link, name))
            tryTo([&] { home.addAltName(link, name); });
}

void LinkRestorer::settleMaster(const LinkState& link) {
    const auto master = places_.home().byName(custody_.master);
    if (!master)
        throw Error(Errc::KernelError, "the link " + quoted(link.name) +
                                           " is without its master: there is no " + quoted(custody_.master) +
                                           " any more");
    places_.home().setMaster(link, master->index);
}

} // namespace nsd::worker
