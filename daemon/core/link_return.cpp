// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/link_return.hpp"

#include "common/quote.hpp"
#include "daemon/core/borrowed_links.hpp"
#include "daemon/core/link_target.hpp"
#include "daemon/core/record_edit.hpp"
#include "daemon/core/went_away.hpp"

#include <algorithm>
#include <utility>

namespace nsd {
namespace {

bool isCalled(const LinkState& state, const std::string& name) {
    return state.name == name ||
           std::find(state.altNames.begin(), state.altNames.end(), name) != state.altNames.end();
}

} // namespace

void LinkReturn::start(
    Core& core, const Uuid& uuid, std::string link, std::string name, Completion<ReturnedLink> done) {
    auto& started =
        core.operations.start<LinkReturn>(core, uuid, std::move(link), std::move(name), std::move(done));
    core.linkTurns.take(uuid, started.then(started, &LinkReturn::begin));
}

LinkReturn::LinkReturn(
    Core& core, const Uuid& uuid, std::string link, std::string name, Completion<ReturnedLink> done)
    : core_(core), uuid_(uuid), link_(std::move(link)), name_(std::move(name)), done_(std::move(done)) {}

// Who is root inside can have given it another name, so that the kernel is asked first.
void LinkReturn::begin(LinkTurns::TurnPtr turn) {
    turn_ = std::move(turn);
    try {
        std::vector<UniqueFd> inside;
        if (auto net = openNetIfThere(core_, linkTarget(core_, uuid_)))
            inside.push_back(std::move(net));
        core_.links.describe(std::move(inside), then(*this, &LinkReturn::onDescribed));
    } catch (const Error& error) {
        core_.loop.post([answer = then(*this, &LinkReturn::finish), error] { answer(error); });
    }
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): then() takes steps of this form
void LinkReturn::onDescribed(Outcome<std::vector<std::vector<LinkState>>> outcome) {
    try {
        const auto& record = linkTarget(core_, uuid_);
        const auto& borrowed = record.borrowedLinks;
        const LinkState* called = nullptr;
        for (const auto& states : outcome.value())
            for (const auto& state : states)
                if (isCalled(state, link_))
                    called = &state;
        const BorrowedLink* meant = nullptr;
        if (called != nullptr)
            for (const auto& link : borrowed)
                if (link.custody.insideIndex == called->index)
                    meant = &link;
        if (meant == nullptr)
            meant = findLink(borrowed, link_);
        if (meant == nullptr)
            throw Error(Errc::InvalidArgument,
                called != nullptr ? "link " + quoted(link_) + " of " + quoted(record.name.str()) +
                                        " was not moved there by nsd, and has no home to go to"
                                  : quoted(record.name.str()) + " has no link " + quoted(link_));
        bringHome(*meant);
    } catch (const Error& error) {
        finish(error);
    }
}

void LinkReturn::bringHome(BorrowedLink link) {
    if (!name_.empty() && name_ != link.custody.name) {
        link.custody.name = name_;
        auto& record = linkTarget(core_, uuid_);
        changeBorrowed(core_, record, withLink(record.borrowedLinks, link));
    }
    Homecoming::start(core_, uuid_, {std::move(link)}, then(*this, &LinkReturn::onHome));
}

void LinkReturn::onHome(Outcome<std::vector<Homecoming::Home>> outcome) {
    if (!outcome.ok() || outcome.value().empty()) {
        finish(outcome.ok() ? wentAway() : outcome.error());
        return;
    }
    const auto& returned = outcome.value().front().returned;
    if (returned.end == ReturnedLink::End::Gone)
        finish(
            Error(Errc::KernelError, "link " + quoted(link_) + " is gone" +
                                         (returned.remarks.empty() ? "" : ": " + returned.remarks.front())));
    else
        finish(returned);
}

void LinkReturn::finish(const Outcome<ReturnedLink>& outcome) {
    const auto done = std::move(done_);
    core_.operations.finish(*this);
    done(outcome);
}

} // namespace nsd
