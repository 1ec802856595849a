// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/fake_views.hpp"

#include <memory>
#include <utility>

namespace nsd::test {

void FakeViews::releaseAnswers() {
    holding_ = false;
    for (auto& answer : std::exchange(held_, {}))
        loop_.post(std::move(answer));
}

void FakeViews::makeView(ViewOrder order, Completion<UniqueFd> done) {
    made_.push_back(order.user.valid());
    const auto outcome = std::make_shared<Outcome<UniqueFd>>(UniqueFd());
    if (failure_)
        *outcome = *std::exchange(failure_, std::nullopt);
    else
        *outcome = kernel_.foreignNamespace(NamespaceType::Mnt);
    auto answer = [done = std::move(done), outcome] { done(std::move(*outcome)); };
    if (holding_)
        held_.push_back(std::move(answer));
    else
        loop_.post(std::move(answer));
}

} // namespace nsd::test
