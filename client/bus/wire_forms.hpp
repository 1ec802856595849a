// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "client/bus/sd_message.hpp"
#include "client/client.hpp"

#include <optional>
#include <vector>

// How the structs of client.hpp look on the bus (dbus/*.xml).
namespace nsd::client {

void writeCreateOptions(SdMessage& call, const CreateOptions& options); // a{sv}
void writeExecOptions(SdMessage& call, const ExecOptions& options);     // a{sv}

[[nodiscard]] std::vector<ListedNamespace> readListed(SdMessage& answer); // a(sosasussta{sv})
[[nodiscard]] NamespaceDetails readDetails(SdMessage& answer);            // a{sv} of GetAll
[[nodiscard]] Entrance readEntrance(SdMessage& answer);                   // a{sh}
[[nodiscard]] std::vector<Holder> readHolders(SdMessage& answer);         // aa{sv}
[[nodiscard]] DestroyResult readDestroyResult(SdMessage& answer);         // a{sv}
// Empty for one that is none.
[[nodiscard]] std::optional<Event> readEvent(SdMessage& signal);
[[nodiscard]] DaemonStatus readStatus(SdMessage& answer); // a{sv} of GetAll

} // namespace nsd::client
