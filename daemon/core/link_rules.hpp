// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_request.hpp"
#include "common/namespace_type.hpp"
#include "common/veth_spec.hpp"

#include <string>
#include <vector>

// What can be said of links that are asked for without looking at any. Both throw Error{InvalidArgument},
// and InvalidName for a peer-namespace.
namespace nsd {

// As it is to be made, with fresh MAC addresses, and with names where none were given.
[[nodiscard]] VethSpec vethOf(const LinkRequest& link);
// All of one namespace: each of them, no name twice, and type net.
void validateLinks(const std::vector<LinkRequest>& links, NamespaceTypes types, const std::string& name);

} // namespace nsd
