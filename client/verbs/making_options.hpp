// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/verbs/verb.hpp"

#include <string>

// What create and adopt have in common, however a namespace comes to its name.
namespace nsd::client {

constexpr Option ownerOption{
    "owner", '\0', "USER", "who owns it, by name or number (root only; default: you)"};
constexpr Option labelOption{"label", '\0', "K=V", "attach a label; may be repeated"};
constexpr Option leaseOption{
    "lease", '\0', nullptr, "destroy it with its last lease, or after 30s without a first one (see hold)"};
constexpr Option ttlOption{"ttl", '\0', "SPAN", "destroy it after this time"};
// Of create and run.
constexpr Option hostnameOption{"hostname", '\0', "NAME", "host name inside (type uts)"};
constexpr Option domainnameOption{"domainname", '\0', "NAME", "NIS domain name inside (type uts)"};
constexpr Option monotonicOption{
    "monotonic", '\0', "SPAN", "how far the monotonic clock is ahead inside; may be negative (type time)"};
constexpr Option boottimeOption{"boottime", '\0', "SPAN", "the same for the boot-time clock"};

// The values of these. Throws UsageError.
[[nodiscard]] CreateOptions readMakingOptions(const Arguments& arguments);

// Tells programs what was made.
void showMade(VerbContext& context, const std::string& name, const std::string& path);

} // namespace nsd::client
