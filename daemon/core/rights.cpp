// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/rights.hpp"

#include <array>

namespace nsd {
namespace {

struct Word {
    Right right;
    std::string_view word;
};

// As grants and the details of a polkit question write them.
constexpr std::array words{
    Word{Right::View, "view"},
    Word{Right::Hold, "hold"},
    Word{Right::Socket, "socket"},
    Word{Right::Enter, "enter"},
    Word{Right::Fds, "fds"},
    Word{Right::Manage, "manage"},
    Word{Right::Link, "link"},
    Word{Right::Grant, "grant"},
    Word{Right::Create, "create"},
    Word{Right::CreateRootless, "create-rootless"},
    Word{Right::Adopt, "adopt"},
    Word{Right::Admin, "admin"},
};

// The object forms of org.nsd1.Namespace are the same methods. What is View here and yet not for
// everybody (IdentifyProcess of others' processes, others' processes among the Holders) is narrowed
// by its handler, since the table knows no arguments.
constexpr std::array rules{
    MethodRule{"Create", Right::Create, true, "org.nsd1.create"},
    MethodRule{"Get", Right::View, false, ""},
    MethodRule{"Identify", Right::View, false, ""},
    MethodRule{"IdentifyProcess", Right::View, false, ""},
    MethodRule{"List", Right::View, false, ""},
    MethodRule{"Enter", Right::Fds, false, "org.nsd1.fds"},
    MethodRule{"Rename", Right::Manage, true, "org.nsd1.manage"},
    MethodRule{"Destroy", Right::Manage, true, "org.nsd1.manage"},
    MethodRule{"Holders", Right::View, false, ""},
    MethodRule{"SetLabels", Right::Manage, true, "org.nsd1.manage"},
    MethodRule{"Reload", Right::Admin, true, ""},
};

} // namespace

std::span<const MethodRule> methodRules() noexcept {
    return rules;
}

const MethodRule* ruleOf(std::string_view method) noexcept {
    for (const auto& rule : rules)
        if (rule.method == method)
            return &rule;
    return nullptr;
}

std::string_view toWord(Right right) noexcept {
    for (const auto& row : words)
        if (row.right == right)
            return row.word;
    return {};
}

} // namespace nsd
