// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/name_resolution.hpp"

#include "daemon/core/declared_request.hpp"

#include <utility>

namespace nsd {
namespace {

Outcome<CreateRequest> requestFrom(const Definition& definition, Outcome<AccountIds> outcome) {
    try {
        return requestOf(definition, std::move(outcome).value());
    } catch (const Error& error) {
        return error;
    }
}

} // namespace

void NameResolution::start(Core& core, Definition definition, Completion<CreateRequest> done) {
    core.operations.start<NameResolution>(core, std::move(definition), std::move(done)).begin();
}

NameResolution::NameResolution(Core& core, Definition definition, Completion<CreateRequest> done)
    : core_(core), definition_(std::move(definition)), done_(std::move(done)) {}

void NameResolution::begin() {
    const auto names = namesIn(definition_);
    auto next = then(*this, &NameResolution::onAccounts);
    if (names.empty())
        core_.loop.post([next = std::move(next)] { next(AccountIds{}); });
    else
        core_.kernel.lookUpAccounts(names, std::move(next));
}

void NameResolution::onAccounts(Outcome<AccountIds> outcome) {
    const auto done = std::move(done_);
    auto request = requestFrom(definition_, std::move(outcome));
    core_.operations.finish(*this);
    done(std::move(request));
}

} // namespace nsd
