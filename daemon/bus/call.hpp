// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/bus/reply.hpp"
#include "daemon/core/create_request.hpp"
#include "daemon/core/rights.hpp"

#include <sdbus-c++/sdbus-c++.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace nsd::bus {

// What a method call says of itself before anybody is asked who made it.
struct Call {
    std::string_view method;  // a literal
    const MethodRule* rule;   // null: a method without a row in the table, refused to everybody
    std::string sender;       // unique name
    bool interactive = false; // the caller waits for a question to the user
    // Whose the thing is that the method acts on, where that is no named namespace.
    std::optional<uid_t> owner{};
    // What is to become a namespace, where the method acts on none yet: for who is asked about it and
    // for the journal. Decides nothing here.
    std::string name{};
    std::vector<std::string> types{};
    // What it has of its caller's quota of calls under way, from the moment that the caller is known
    // until it is answered. Whoever lets it wait for something else gives it back for that time.
    std::shared_ptr<Quotas::Share> share{};

    // The same call by another row of the table ("Create rootless").
    [[nodiscard]] Call as(std::string_view row) const;
    // The same call, which is to make a namespace of this name and these types.
    [[nodiscard]] Call making(const CreateRequest& request) const;
    // The same call on something of this user's: a process, or what is to be adopted.
    [[nodiscard]] Call onThatOf(uid_t user) const;
};

// The call that `object` is handling right now.
[[nodiscard]] Call currentCall(const sdbus::IObject& object, std::string_view method);

// The way into every method: `body` gets the call and its Reply, and nothing that it throws goes
// further than to the caller. `alive` keeps the object until it has answered, and is null for one
// that stays as long as anybody can be answered.
template <class... Ts, class F>
void serve(const sdbus::IObject& object, std::shared_ptr<const void> alive, std::string_view method,
    sdbus::Result<Ts...>&& result, F&& body) {
    const Reply<Ts...> reply(std::move(result), std::move(alive));
    reply.guard([&] {
        auto call = currentCall(object, method);
        call.share = reply.share();
        std::forward<F>(body)(std::as_const(call), reply);
    });
}

} // namespace nsd::bus
