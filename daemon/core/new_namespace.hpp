// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/core.hpp"
#include "daemon/core/create_request.hpp"

#include <chrono>
#include <cstdint>
#include <memory>

// What every new namespace begins with, whether nsd makes it or somebody brings it along.
namespace nsd {

// What an operation has for as long as its namespace is not there yet: the name, the owner's share, and
// whoever waits for the answer.
class Arrival {
  public:
    // Throws Error{NameExists, LimitExceeded}; but what root makes for a user, he has, whatever his limit.
    Arrival(Core& core, const CreateRequest& request, Completion<Uuid> done);

    // The end of the operation that this belongs to: the name is free, or a namespace's, and then it is
    // answered.
    void finish(const Operation& operation, const Outcome<Uuid>& outcome);

  private:
    Core& core_;
    Completion<Uuid> done_;
    std::unique_ptr<Registry::Reservation> reservation_;
    Quotas::Share share_; // until the published namespace has its own
};

// All of the record that the request alone decides; `now` is the loop's.
[[nodiscard]] NamespaceRecord newRecord(
    const CreateRequest& request, std::uint64_t digest, const Uuid& uuid, std::chrono::microseconds now);

} // namespace nsd
