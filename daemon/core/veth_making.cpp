// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/veth_making.hpp"

#include "common/quote.hpp"

#include <utility>

namespace nsd {

void VethMaking::start(Core& core, UniqueFd inside, std::vector<Pair> pairs, Completion<Done> done) {
    auto& started =
        core.operations.start<VethMaking>(core, std::move(inside), std::move(pairs), std::move(done));
    core.loop.post(started.then(started, &VethMaking::next));
}

VethMaking::VethMaking(Core& core, UniqueFd inside, std::vector<Pair> pairs, Completion<Done> done)
    : core_(core), inside_(std::move(inside)), pairs_(std::move(pairs)), done_(std::move(done)) {}

void VethMaking::next() {
    if (made_ == pairs_.size()) {
        finish(Done{});
        return;
    }
    auto& pair = pairs_[made_];
    try {
        core_.links.makeVeth(
            inside_.duplicate(), std::move(pair.peer), pair.veth, then(*this, &VethMaking::onMade));
    } catch (const Error& error) {
        onMade(error);
    }
}

void VethMaking::onMade(Outcome<std::pair<MovedLink, MovedLink>> outcome) {
    if (outcome.ok()) {
        ++made_;
        next();
        return;
    }
    why_ = outcome.error();
    // Also the last one: a worker that was given up may have made it.
    std::vector<UnfinishedVeth> made;
    for (std::size_t i = 0; i <= made_; ++i)
        made.push_back({pairs_[i].veth.inside.name.str(), pairs_[i].veth.inside.mac});
    VethRemoval::start(core_, std::move(inside_), std::move(made), then(*this, &VethMaking::onRemoved));
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void VethMaking::onRemoved(Outcome<Done> /*outcome*/) {
    finish(*why_);
}

void VethMaking::finish(const Outcome<Done>& outcome) {
    const auto done = std::move(done_);
    core_.operations.finish(*this);
    done(outcome);
}

void VethRemoval::start(
    Core& core, UniqueFd inside, std::vector<UnfinishedVeth> veths, Completion<Done> done) {
    auto& started =
        core.operations.start<VethRemoval>(core, std::move(inside), std::move(veths), std::move(done));
    core.loop.post(started.then(started, &VethRemoval::next));
}

VethRemoval::VethRemoval(
    Core& core, UniqueFd inside, std::vector<UnfinishedVeth> veths, Completion<Done> done)
    : core_(core), inside_(std::move(inside)), veths_(std::move(veths)), done_(std::move(done)) {}

void VethRemoval::next() {
    if (veths_.empty()) {
        const auto done = std::move(done_);
        const auto problem = std::move(problem_);
        core_.operations.finish(*this);
        done(problem ? Outcome<Done>(*problem) : Outcome<Done>(Done{}));
        return;
    }
    try {
        core_.links.removeVeth(
            inside_.duplicate(), veths_.back().name, veths_.back().mac, then(*this, &VethRemoval::onRemoved));
    } catch (const Error& error) {
        onRemoved(error);
    }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void VethRemoval::onRemoved(Outcome<bool> outcome) {
    if (!outcome.ok()) {
        core_.log.warning(
            "link " + quoted(veths_.back().name) + " cannot be removed: " + outcome.error().text());
        problem_ = outcome.error();
    }
    veths_.pop_back();
    next();
}

} // namespace nsd
