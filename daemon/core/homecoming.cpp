// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/homecoming.hpp"

#include "common/quote.hpp"
#include "daemon/core/borrowed_links.hpp"
#include "daemon/core/link_target.hpp"

#include <utility>

namespace nsd {

void Homecoming::start(
    Core& core, const Uuid& uuid, std::vector<BorrowedLink> links, Completion<std::vector<Home>> done) {
    auto& started = core.operations.start<Homecoming>(core, uuid, std::move(links), std::move(done));
    // Not from inside the call, whatever happens to the first one.
    core.loop.post(started.then(started, &Homecoming::next));
}

Homecoming::Homecoming(
    Core& core, const Uuid& uuid, std::vector<BorrowedLink> links, Completion<std::vector<Home>> done)
    : core_(core), uuid_(uuid), links_(std::move(links)), done_(std::move(done)) {}

void Homecoming::next() {
    if (links_.empty()) {
        finish();
        return;
    }
    try {
        core_.links.bringHome(openNetIfThere(core_, linkTarget(core_, uuid_)), core_.home.duplicate(),
            links_.back().custody, then(*this, &Homecoming::onReturned));
    } catch (const Error& error) {
        core_.loop.post([returned = then(*this, &Homecoming::onReturned), error] { returned(error); });
    }
}

void Homecoming::onReturned(Outcome<ReturnedLink> outcome) {
    auto link = std::move(links_.back());
    links_.pop_back();
    if (!outcome.ok()) {
        fail({Errc::Busy, "link " + quoted(link.custody.name) + ", inside as " + quoted(link.name) +
                              ", cannot go home: " + outcome.error().text()});
    } else if (auto* record = core_.registry.find(uuid_)) {
        settleReturn(core_, *record, link, outcome.value());
        home_.push_back({std::move(link), std::move(outcome).value()});
    }
    next();
}

void Homecoming::fail(const Error& error) {
    if (!problem_)
        problem_ = error;
    else
        core_.log.warning(error.text()); // the answer has room for one
}

void Homecoming::finish() {
    const auto done = std::move(done_);
    auto home = std::move(home_);
    const auto problem = std::move(problem_);
    core_.operations.finish(*this);
    if (problem)
        done(*problem);
    else
        done(std::move(home));
}

} // namespace nsd
