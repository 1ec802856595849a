// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/bus/sd_message.hpp"
#include "client/client.hpp"

#include <string>
#include <vector>

// How links look on the bus.
namespace nsd::client {

void writeLink(SdMessage& call, const LinkRequest& link);                  // a{sv}
void writeLinks(SdMessage& call, const std::vector<LinkRequest>& links);   // aa{sv}
void writeLinkName(SdMessage& call, const std::string& name);              // a{sv}
[[nodiscard]] std::vector<LinkDetails> readLinkDetails(SdMessage& answer); // aa{sv}

} // namespace nsd::client
