// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/core/view_maker.hpp"
#include "tests/support/fake_kernel.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

namespace nsd::test {

// Makes views that are mnt namespaces of the fake kernel.
class FakeViews final : public ViewMaker {
  public:
    FakeViews(Loop& loop, FakeKernel& kernel) : loop_(loop), kernel_(kernel) {}

    // --- what a test turns -------------------------------------------------------------------
    void failNext(Error error) { failure_ = std::move(error); }
    // There are no answers until releaseAnswers().
    void holdAnswers() { holding_ = true; }
    void releaseAnswers();

    // --- what a test asks --------------------------------------------------------------------
    // What was made, in order: true where it belongs to a user namespace.
    [[nodiscard]] const std::vector<bool>& made() const noexcept { return made_; }
    // The mount namespace that the daemon is said to live in.
    [[nodiscard]] int hostFd() const noexcept { return host_.get(); }

    // --- the port ----------------------------------------------------------------------------
    [[nodiscard]] NamespaceIdentity hostMounts() const override { return kernel_.identify(host_.get()); }
    void makeView(ViewOrder order, Completion<UniqueFd> done) override;

  private:
    Loop& loop_;
    FakeKernel& kernel_;
    UniqueFd host_ = kernel_.foreignNamespace(NamespaceType::Mnt);
    std::optional<Error> failure_;
    bool holding_ = false;
    std::vector<std::function<void()>> held_;
    std::vector<bool> made_;
};

} // namespace nsd::test
