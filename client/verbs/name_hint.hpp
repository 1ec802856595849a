// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/client.hpp"

#include <string>

namespace nsd::client {

// The text of an error; where it says that there is no namespace of a name, with the one that was probably
// meant. Asks nsd for the names that there are, and says nothing more where it does not answer.
[[nodiscard]] std::string textWithHint(Client& client, const Error& error);

} // namespace nsd::client
