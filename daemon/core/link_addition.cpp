// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/link_addition.hpp"

#include "common/quote.hpp"
#include "daemon/core/link_rules.hpp"
#include "daemon/core/link_target.hpp"
#include "daemon/core/record_edit.hpp"
#include "daemon/core/veth_making.hpp"

#include <utility>
#include <vector>

namespace nsd {

void LinkAddition::start(
    Core& core, const Uuid& uuid, LinkRequest link, std::optional<Uuid> peer, Completion<Done> done) {
    auto& started = core.operations.start<LinkAddition>(core, uuid, std::move(link), peer, std::move(done));
    core.linkTurns.take(uuid, started.then(started, &LinkAddition::begin));
}

LinkAddition::LinkAddition(
    Core& core, const Uuid& uuid, LinkRequest link, std::optional<Uuid> peer, Completion<Done> done)
    : core_(core), uuid_(uuid), link_(std::move(link)), peer_(peer), done_(std::move(done)) {}

void LinkAddition::begin(LinkTurns::TurnPtr turn) {
    turn_ = std::move(turn);
    try {
        auto& record = linkTarget(core_, uuid_);
        // With those of its definition, where it will be one of them.
        auto links = record.lifetime == Lifetime::Persistent ? record.spec.links : std::vector<LinkRequest>();
        links.push_back(link_);
        validateLinks(links, record.types(), record.name.str());
        auto veth = vethOf(link_);
        auto inside = openNet(core_, record);
        auto peer = peer_ ? openNet(core_, linkTarget(core_, *peer_)) : core_.home.duplicate();
        unfinished_ = {veth.inside.name.str(), veth.inside.mac};
        auto unfinished = record.unfinishedVeths;
        unfinished.push_back(unfinished_);
        changeUnfinished(core_, record, std::move(unfinished));
        std::vector<VethMaking::Pair> pairs;
        pairs.push_back({std::move(veth), std::move(peer)});
        VethMaking::start(core_, std::move(inside), std::move(pairs), then(*this, &LinkAddition::onMade));
    } catch (const Error& error) {
        core_.loop.post([answer = then(*this, &LinkAddition::finish), error] { answer(error); });
    }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void LinkAddition::onMade(Outcome<Done> outcome) {
    if (!outcome.ok()) {
        forgetUnfinished();
        finish(outcome.error());
        return;
    }
    try {
        remember(linkTarget(core_, uuid_));
    } catch (const Error& error) {
        takeBack(error);
        return;
    }
    core_.changed(*core_.registry.find(uuid_), "links");
    finish(outcome);
}

void LinkAddition::remember(NamespaceRecord& record) {
    auto unfinished = record.unfinishedVeths;
    std::erase(unfinished, unfinished_);
    changeUnfinished(core_, record, std::move(unfinished));
    if (record.lifetime != Lifetime::Persistent)
        return;
    auto spec = record.spec;
    spec.links.push_back(link_);
    changeSpec(core_, record, std::move(spec));
}

// What hindered the writing may hinder this, too: the pair is on record then, and goes at the next start.
void LinkAddition::takeBack(const Error& why) {
    why_ = why;
    try {
        VethRemoval::start(core_, openNet(core_, linkTarget(core_, uuid_)), {unfinished_},
            then(*this, &LinkAddition::onTakenBack));
    } catch (const Error& error) {
        core_.log.warning("link " + quoted(unfinished_.name) + " cannot be removed: " + error.text());
        finish(why);
    }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void LinkAddition::onTakenBack(Outcome<Done> /*outcome*/) {
    finish(*why_);
}

void LinkAddition::forgetUnfinished() noexcept {
    auto* record = core_.registry.find(uuid_);
    if (record == nullptr)
        return;
    try {
        auto unfinished = record->unfinishedVeths;
        std::erase(unfinished, unfinished_);
        changeUnfinished(core_, *record, std::move(unfinished));
    } catch (const Error& error) {
        // The next start looks for it and finds none.
        core_.log.warning("link " + quoted(unfinished_.name) + " was not made: " + error.text());
    }
}

void LinkAddition::finish(const Outcome<Done>& outcome) {
    const auto done = std::move(done_);
    core_.operations.finish(*this);
    done(outcome);
}

} // namespace nsd
