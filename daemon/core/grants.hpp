// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/namespace_record.hpp"
#include "daemon/core/rights.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nsd {

// The grants of a record are whole, in one order (users before groups, by number, rights bytewise)
// and each grantee's in one: so equal rights are equal lists. All functions here keep that.

// Every call looks through them.
constexpr std::size_t maxGrants = 64;

// As Manager.Grant and Manager.Revoke name it: kind "user" or "group". Throws Error{InvalidArgument}
// for a grantee who is nobody, for no right, and for what is no right or cannot be granted.
[[nodiscard]] Grant makeGrant(std::string_view kind, std::uint32_t id, std::vector<std::string> rights);

// With these rights besides. Throws Error{LimitExceeded} for one grantee too many.
[[nodiscard]] std::vector<Grant> withGrant(std::vector<Grant> grants, const Grant& more);
// Without these rights; those that are not there are none less.
[[nodiscard]] std::vector<Grant> withoutGrant(std::vector<Grant> grants, const Grant& less);

// Throws Error{InvalidArgument} where the functions above would not have made it so.
void validateGrants(const std::vector<Grant>& grants);

[[nodiscard]] bool gives(const Grant& grant, Right right) noexcept;
// What Caller::ground says of one whom it allows: "user:1000", "group:27".
[[nodiscard]] std::string groundOf(const Grant& grant);
// Whether `ground` is that of a grant which no longer gives this right.
[[nodiscard]] bool isRevoked(std::string_view ground, const std::vector<Grant>& grants, Right right);

} // namespace nsd
