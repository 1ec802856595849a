// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/unique_fd.hpp"
#include "daemon/bus/wire_types.hpp"
#include "daemon/core/authority.hpp"
#include "daemon/core/create_request.hpp"

#include <memory>
#include <optional>
#include <string>
#include <sys/types.h>

namespace nsd::bus {

// Manager.Create's arguments (Adopt has some of them), read from the wire. Who calls is not known yet:
// `owner` is what was asked for, and the request's own caller and owner are still to be filled in.
struct CreateArguments {
    CreateRequest request;
    std::optional<uid_t> owner;
    bool rootless = false;           // for the owner, whoever that will be, in a user namespace of his
    bool unit = false;               // for nsd@
    std::shared_ptr<UniqueFd> etc{}; // the directory of its files for /etc, which are still to be read
};

// Throws Error that names the argument or option that is wrong.
[[nodiscard]] CreateArguments readAdoptArguments(std::string name, OptionMap given);
[[nodiscard]] CreateArguments readCreateArguments(std::string name, const Words& types, OptionMap given);

// Fills in who calls and whose it will be. Throws Error{AccessDenied} for an owner that he may not say.
void completeFor(CreateArguments& arguments, const Caller& caller);

} // namespace nsd::bus
