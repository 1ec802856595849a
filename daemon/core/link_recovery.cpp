// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/link_recovery.hpp"

#include "daemon/core/borrowed_links.hpp"
#include "daemon/core/link_target.hpp"
#include "daemon/core/namespaces.hpp"
#include "daemon/core/record_edit.hpp"
#include "daemon/core/veth_making.hpp"

#include <algorithm>
#include <utility>

namespace nsd {
namespace {

bool isOnItsWay(const BorrowedLink& link) {
    return link.custody.insideIndex == 0;
}

bool needsRecovery(const NamespaceRecord& record) {
    return !record.unfinishedVeths.empty() ||
           std::any_of(record.borrowedLinks.begin(), record.borrowedLinks.end(), isOnItsWay);
}

const LinkState* findInside(const LinkCustody& custody, const std::vector<LinkState>& states) {
    const auto found = std::find_if(states.begin(), states.end(), [&](const LinkState& state) {
        return state.identity == custody.identity &&
               std::find(state.altNames.begin(), state.altNames.end(), custody.tag) != state.altNames.end();
    });
    return found == states.end() ? nullptr : &*found;
}

} // namespace

void LinkRecovery::startAll(Core& core) {
    ListOptions page;
    for (;;) {
        const auto records = core.registry.list(page);
        for (const auto* record : records) {
            if (!needsRecovery(*record))
                continue;
            auto& started = core.operations.start<LinkRecovery>(core, record->uuid);
            core.linkTurns.take(record->uuid, started.then(started, &LinkRecovery::begin));
        }
        if (records.size() < page.limit)
            return;
        page.after = records.back()->name.str();
    }
}

void LinkRecovery::begin(LinkTurns::TurnPtr turn) {
    turn_ = std::move(turn);
    try {
        std::vector<UniqueFd> inside;
        if (auto net = openNetIfThere(core_, linkTarget(core_, uuid_)))
            inside.push_back(std::move(net));
        core_.links.describe(std::move(inside), then(*this, &LinkRecovery::onDescribed));
    } catch (const Error& error) {
        giveUp(error);
    }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void LinkRecovery::onDescribed(Outcome<std::vector<std::vector<LinkState>>> outcome) {
    try {
        auto& record = linkTarget(core_, uuid_);
        std::vector<LinkState> states;
        for (const auto& some : outcome.value())
            states.insert(states.end(), some.begin(), some.end());
        auto links = record.borrowedLinks;
        std::vector<BorrowedLink> atHome;
        for (auto& link : links) {
            if (!isOnItsWay(link))
                continue;
            if (const auto* state = findInside(link.custody, states)) {
                link.custody.insideIndex = state->index;
                link.name = state->name;
            } else {
                atHome.push_back(link); // save for its tag
            }
        }
        changeBorrowed(core_, record, std::move(links));
        Homecoming::start(core_, uuid_, std::move(atHome), then(*this, &LinkRecovery::onHome));
    } catch (const Error& error) {
        giveUp(error);
    }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void LinkRecovery::onHome(Outcome<std::vector<Homecoming::Home>> outcome) {
    if (!outcome.ok())
        core_.log.warning("namespace " + uuid_.str() + ": " + outcome.error().text());
    removeVeths();
}

void LinkRecovery::removeVeths() {
    try {
        auto& record = linkTarget(core_, uuid_);
        auto inside = openNetIfThere(core_, record);
        if (inside && !record.unfinishedVeths.empty())
            VethRemoval::start(
                core_, std::move(inside), record.unfinishedVeths, then(*this, &LinkRecovery::onRemoved));
        else
            core_.operations.finish(*this);
    } catch (const Error& error) {
        giveUp(error);
    }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void LinkRecovery::onRemoved(Outcome<Done> outcome) {
    auto* record = core_.registry.find(uuid_);
    try {
        if (outcome.ok() && record != nullptr)
            changeUnfinished(core_, *record, {});
        core_.operations.finish(*this);
    } catch (const Error& error) {
        giveUp(error);
    }
}

// The next start tries again, and so does whoever wants the link home.
void LinkRecovery::giveUp(const Error& error) {
    core_.log.warning("links of namespace " + uuid_.str() + ": " + error.text());
    core_.operations.finish(*this);
}

} // namespace nsd
