// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace nsd::bench {

constexpr auto emptyServiceName = "org.nsd1.Bench";
constexpr auto emptyServicePath = "/org/nsd1/bench";
constexpr auto emptyServiceInterface = "org.nsd1.Bench";
// nsd-bench, given this and an address, is the service.
constexpr auto emptyServiceOption = "--empty-service";

// What Enter is compared with: a service on the same bus, in a process of its own and written with
// the same library, whose one method answers with one descriptor. Serves until the bus goes.
void runEmptyService(const std::string& address);

// What a bus must allow beside its own rules, so that this service may be owned and called.
[[nodiscard]] std::string emptyServicePolicy();

} // namespace nsd::bench
