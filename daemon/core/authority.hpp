// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/outcome.hpp"
#include "daemon/core/rights.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nsd {

// Who calls, as the bus said it at connect time (GetConnectionCredentials), never as the message or
// /proc says it.
struct Caller {
    std::string busName; // unique, never reused: ":1.42"
    uid_t uid = 65534;
    std::vector<gid_t> groups;
    bool interactive = false; // the message allows a question to the user
    pid_t pid = 0;            // for the journal alone: it may be another process by now; 0: not known
    // Why it may: "root", "everybody", "owner", "user:1000", "group:27", "polkit"; "" until decided.
    std::string ground;
};

// A question to which neither root nor owner nor grant gave the answer.
struct AuthorizationRequest {
    Caller caller;
    Right right;
    std::string action;         // of polkit
    std::string name;           // of the namespace, also of one that is yet to be
    std::string uuid;           // "" where there is none yet
    std::optional<uid_t> owner; // empty: what is to be adopted is not one user's
    std::vector<std::string> types;
};

// Asks somebody outside (polkit) whether a caller may. The answer is Done, or AccessDenied or
// InteractiveAuthorizationRequired; every failure on the way is a no.
class Authority {
  public:
    Authority() = default;
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;
    virtual ~Authority() = default;

    virtual void ask(const AuthorizationRequest& request, Completion<Done> done) = 0;
};

} // namespace nsd
