// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string_view>

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
    Create,
    CreateRootless,
    Adopt,
    Admin
};

// One row of the one table method → right → action. A method without a row is refused to everybody.
// Where no action is named, View is everybody's and every other right is root's alone.
struct MethodRule {
    std::string_view method; // of org.nsd1.Manager and its object forms
    Right right;
    bool changesState;       // counts against the rate limit of its caller
    std::string_view action; // of polkit; empty: nobody is asked
};

[[nodiscard]] std::span<const MethodRule> methodRules() noexcept;
// Null for an unknown method: refuse.
[[nodiscard]] const MethodRule* ruleOf(std::string_view method) noexcept;
[[nodiscard]] std::string_view toWord(Right right) noexcept;

} // namespace nsd
