// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <sys/types.h>

namespace nsd {

// What a caller may be allowed to do; the rows of the interface's table of rights.
enum class Right {
    View,
    Hold,
    Socket,
    Enter,
    Fds,
    Manage,
    Link,
    Grant,
    GrantLink, // what Grant is for all other rights: no owner gives away links of the host
    Create,
    CreateRootless,
    Adopt,
    Process, // a command that runs in a namespace: Kill and Wait
    Admin
};

// Which owners have a right because of that.
enum class Owners {
    None,
    All,
    Rootless // who also owns the user namespace in which the rest was made
};

// One right: who has it without being asked about. Root has all of them.
struct RightRule {
    Right right;
    std::string_view word; // in grants, in the details of a polkit question, in the journal
    Owners owners;
    bool grantable;
};

// One row of the one table method → right → action. A method without a row is refused to everybody.
// Where the right depends on the arguments, there is a row for each case ("Create rootless"), and
// the method chooses it (Call::as).
struct MethodRule {
    std::string_view method; // of an interface and its object forms
    Right right;
    bool changesState;       // counts against the rate limit of its caller
    std::string_view action; // of polkit; empty: nobody is asked
    bool everybodys = false; // needs no right at all
};

[[nodiscard]] std::span<const MethodRule> methodRules() noexcept;
// Null for an unknown method: refuse.
[[nodiscard]] const MethodRule* ruleOf(std::string_view method) noexcept;

[[nodiscard]] std::span<const RightRule> rightRules() noexcept;
[[nodiscard]] const RightRule& ruleOf(Right right) noexcept;
[[nodiscard]] std::string_view toWord(Right right) noexcept;
[[nodiscard]] std::optional<Right> rightFromWord(std::string_view word) noexcept;

// The overflow id stands for everybody who is not mapped, and -1 for nobody at all: as a user or a
// group, neither ever owns a namespace or is granted a right.
[[nodiscard]] constexpr bool isNobody(std::uint32_t id) noexcept {
    constexpr std::uint32_t overflow = 65534;
    constexpr std::uint32_t none = 4294967295;
    return id == overflow || id == none;
}

// Whether something of user `owner`, a process of his, is the caller's own or, for root, anybody's.
[[nodiscard]] constexpr bool isOwn(uid_t caller, uid_t owner) noexcept {
    constexpr uid_t root = 0;
    return caller == root || (caller == owner && !isNobody(caller));
}

} // namespace nsd
