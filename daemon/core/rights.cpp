// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/rights.hpp"

#include <array>
#include <cstddef>

namespace nsd {
namespace {

// In the order of the enumeration.
constexpr std::array rights{
    RightRule{Right::View, "view", Owners::All, true},
    RightRule{Right::Hold, "hold", Owners::All, true},
    RightRule{Right::Socket, "socket", Owners::All, true},
    RightRule{Right::Enter, "enter", Owners::All, true},
    RightRule{Right::Fds, "fds", Owners::All, true},
    RightRule{Right::Manage, "manage", Owners::All, true},
    RightRule{Right::Link, "link", Owners::None, true},
    RightRule{Right::Grant, "grant", Owners::Rootless, false},
    RightRule{Right::GrantLink, "grant-link", Owners::None, false},
    RightRule{Right::Create, "create", Owners::None, false},
    RightRule{Right::CreateRootless, "create-rootless", Owners::None, false},
    RightRule{Right::Adopt, "adopt", Owners::All, false},
    RightRule{Right::Process, "process", Owners::All, false},
    RightRule{Right::Admin, "admin", Owners::None, false},
};

constexpr bool inOrder() {
    for (std::size_t i = 0; i < rights.size(); ++i)
        if (rights[i].right != static_cast<Right>(i)) // NOLINT: an index of a constant expression
            return false;
    return rights.size() == static_cast<std::size_t>(Right::Admin) + 1;
}
static_assert(inOrder());

constexpr MethodRule view(std::string_view method) {
    return {method, Right::View, false, "", true};
}

// The object forms of org.nsd1.Namespace are the same methods. What is everybody's here and yet not
// the same for everybody (IdentifyProcess of others' processes, others' processes among the Holders
// and in ListProcesses) is narrowed by its handler, since the table knows no arguments.
constexpr std::array methods{
    MethodRule{"Create", Right::Create, true, "org.nsd1.create"},
    MethodRule{"Create rootless", Right::CreateRootless, true, "", true},
    // Where the host refuses user namespaces to its users.
    MethodRule{"Create rootless disabled", Right::CreateRootless, true, "org.nsd1.create-rootless"},
    // Beside what Create and Rename need themselves: a name that the whole host sees, in a directory that is
    // not nsd's alone.
    MethodRule{"Create publish", Right::Link, false, "org.nsd1.link"},
    MethodRule{"Rename publish", Right::Link, false, "org.nsd1.link"},
    // With option cni: plugins run as the host's root, as their configuration says.
    MethodRule{"Create cni", Right::Admin, true, ""},
    // What nsd@.service asks for, and nobody else.
    MethodRule{"Create unit", Right::Admin, true, ""},
    MethodRule{"Destroy unit", Right::Admin, true, ""},
    // The owner is he who owns the user namespace that owns what is adopted.
    MethodRule{"Adopt", Right::Adopt, true, "org.nsd1.adopt"},
    view("Get"),
    view("Identify"),
    view("IdentifyProcess"),
    view("List"),
    MethodRule{"Enter", Right::Fds, false, "org.nsd1.fds"},
    MethodRule{"OpenSocket", Right::Socket, false, "org.nsd1.socket"},
    MethodRule{"Exec", Right::Enter, true, "org.nsd1.enter"},
    view("ListProcesses"),
    MethodRule{"Hold", Right::Hold, true, "org.nsd1.hold"},
    MethodRule{"Rename", Right::Manage, true, "org.nsd1.manage"},
    MethodRule{"Destroy", Right::Manage, true, "org.nsd1.manage"},
    view("Holders"),
    MethodRule{"SetLabels", Right::Manage, true, "org.nsd1.manage"},
    MethodRule{"MoveLink", Right::Link, true, "org.nsd1.link"},
    MethodRule{"ReturnLink", Right::Manage, true, "org.nsd1.manage"},
    // The other end is the host's.
    MethodRule{"AddLink", Right::Link, true, "org.nsd1.link"},
    // The other end is another namespace's: asked for each of the two.
    MethodRule{"AddLink between", Right::Manage, true, "org.nsd1.manage"},
    // The links of a namespace that is yet to be made: on behalf of the host, and of each other end.
    MethodRule{"Create link", Right::Link, false, "org.nsd1.link"},
    MethodRule{"Create link between", Right::Manage, false, "org.nsd1.manage"},
    MethodRule{"Grant", Right::Grant, true, "org.nsd1.grant"},
    MethodRule{"Grant link", Right::GrantLink, true, "org.nsd1.grant"},
    MethodRule{"Revoke", Right::Grant, true, "org.nsd1.grant"},
    // What is in it beside its properties (plugins' configuration, files of /etc) is not everybody's.
    MethodRule{"Export", Right::Manage, false, "org.nsd1.manage"},
    MethodRule{"CheckDefinitions", Right::Admin, false, ""},
    MethodRule{"Reload", Right::Admin, true, ""},
    MethodRule{"Kill", Right::Process, true, ""},
    MethodRule{"Wait", Right::Process, false, ""},
};

} // namespace

std::span<const MethodRule> methodRules() noexcept {
    return methods;
}

const MethodRule* ruleOf(std::string_view method) noexcept {
    for (const auto& rule : methods)
        if (rule.method == method)
            return &rule;
    return nullptr;
}

std::span<const RightRule> rightRules() noexcept {
    return rights;
}

const RightRule& ruleOf(Right right) noexcept {
    return rights[static_cast<std::size_t>(right)]; // NOLINT: the table is whole, see inOrder()
}

std::string_view toWord(Right right) noexcept {
    return ruleOf(right).word;
}

std::optional<Right> rightFromWord(std::string_view word) noexcept {
    for (const auto& rule : rights)
        if (rule.word == word)
            return rule.right;
    return std::nullopt;
}

} // namespace nsd
