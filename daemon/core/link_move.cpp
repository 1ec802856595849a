// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/link_move.hpp"

#include "common/quote.hpp"
#include "daemon/core/borrowed_links.hpp"
#include "daemon/core/link_target.hpp"
#include "daemon/core/record_edit.hpp"

#include <memory>
#include <utility>

namespace nsd {

void LinkMove::start(
    Core& core, const Uuid& uuid, std::string link, std::string name, Completion<Done> done) {
    auto& started =
        core.operations.start<LinkMove>(core, uuid, std::move(link), std::move(name), std::move(done));
    core.linkTurns.take(uuid, started.then(started, &LinkMove::begin));
}

LinkMove::LinkMove(Core& core, const Uuid& uuid, std::string link, std::string name, Completion<Done> done)
    : core_(core), uuid_(uuid), link_(std::move(link)), done_(std::move(done)) {
    borrowed_.name = std::move(name);
}

void LinkMove::begin(LinkTurns::TurnPtr turn) {
    turn_ = std::move(turn);
    try {
        core_.links.inspect(core_.home.duplicate(), openNet(core_, linkTarget(core_, uuid_)), link_,
            then(*this, &LinkMove::onInspected));
    } catch (const Error& error) {
        // Perhaps this is still the call that asked for it.
        core_.loop.post([answer = then(*this, &LinkMove::finish), error] { answer(error); });
    }
}

void LinkMove::onInspected(Outcome<LinkCustody> outcome) {
    try {
        borrowed_.custody = std::move(outcome).value();
        if (borrowed_.name.empty())
            borrowed_.name = borrowed_.custody.name;
        auto& record = linkTarget(core_, uuid_);
        auto links = record.borrowedLinks;
        links.push_back(borrowed_);
        changeBorrowed(core_, record, std::move(links));
    } catch (const Error& error) {
        finish(error);
        return;
    }
    move();
}

void LinkMove::move() {
    try {
        auto inside = openNet(core_, linkTarget(core_, uuid_));
        core_.links.move(core_.home.duplicate(), std::move(inside), borrowed_.custody, borrowed_.name,
            borrowed_.custody.wasUp, then(*this, &LinkMove::onMoved));
    } catch (const Error& error) {
        takeBack(error);
    }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void LinkMove::onMoved(Outcome<MovedLink> outcome) {
    if (!outcome.ok()) {
        takeBack(outcome.error());
        return;
    }
    borrowed_.custody.insideIndex = outcome.value().index;
    borrowed_.name = outcome.value().name;
    if (auto* record = core_.registry.find(uuid_)) {
        try {
            changeBorrowed(core_, *record, withLink(record->borrowedLinks, borrowed_));
        } catch (const Error& error) {
            // It has arrived; what is on the disk is enough to find it again.
            core_.log.warning("link " + quoted(borrowed_.name) + " of " + quoted(record->name.str()) +
                              ": its place is not written down: " + error.text());
        }
        core_.events.tell([&](Events& listener) { listener.linkBorrowed(*record, borrowed_); });
        core_.changed(*record, "links");
    }
    finish(Done{});
}

void LinkMove::takeBack(const Error& why) {
    why_ = why;
    try {
        core_.links.bringHome(openNetIfThere(core_, linkTarget(core_, uuid_)), core_.home.duplicate(),
            borrowed_.custody, then(*this, &LinkMove::onTakenBack));
    } catch (const Error& error) {
        onTakenBack(error);
    }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void LinkMove::onTakenBack(Outcome<ReturnedLink> outcome) {
    if (outcome.ok())
        forget();
    else
        core_.log.warning("link " + quoted(borrowed_.custody.name) +
                          " was not moved, and whether it is as it was " +
                          "is not known: " + outcome.error().text());
    finish(*why_);
}

void LinkMove::forget() {
    auto* record = core_.registry.find(uuid_);
    if (record == nullptr)
        return;
    try {
        changeBorrowed(core_, *record, withoutLink(record->borrowedLinks, borrowed_.custody.tag));
    } catch (const Error& error) {
        core_.log.warning("link " + quoted(borrowed_.custody.name) +
                          " is at home, but the record says that it is not: " + error.text());
    }
}

void LinkMove::finish(const Outcome<Done>& outcome) {
    const auto done = std::move(done_);
    core_.operations.finish(*this);
    done(outcome);
}

} // namespace nsd
