// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <string_view>

namespace nsd::test {

// What a caller may, according to the documented table of rights alone.
enum class May {
    Yes,      // without a question
    Ask,      // polkit decides
    No,       // whatever polkit would say
    InVain,   // he has the right, but what he asks for cannot be his: nobody owns nothing
    AskInVain // polkit decides, and its yes ends like that
};

// One thing that can be asked for: a method, or a case of one. The namespace that it is about belongs
// to uid 1000 and has its own grants; where it is rootless, uid 1000 made it within a user namespace.
// "Granted" is a user or a group that was granted `right`, or where that is empty all that can be.
struct Expectation {
    const char* call;   // Interface.Method, and the case in brackets
    const char* action; // of polkit, which must be asked about this and nothing else
    const char* right;
    May root;
    May owner;
    May granted;
    May others; // also those who were granted every right but this
    May nobody; // uid 65534
};

// Nothing is made or run as nobody, whose uid stands for all users that cannot be told apart.
// Written by hand, from the interface's table of rights; never from daemon/core/rights.cpp.
inline constexpr std::array expectations{
    // clang-format off
    //           call                                 action                     right     root         owner        granted      others       nobody
    Expectation{"Manager.Create",                    "org.nsd1.create",          "",       May::Yes,    May::Ask,    May::Ask,    May::Ask,    May::AskInVain},
    Expectation{"Manager.Create (rootless)",         "",                         "",       May::InVain, May::Yes,    May::Yes,    May::Yes,    May::InVain},
    Expectation{"Manager.Create (rootless, off)",    "org.nsd1.create-rootless", "",       May::InVain, May::Ask,    May::Ask,    May::Ask,    May::AskInVain},
    Expectation{"Manager.Adopt (the owner's)",       "org.nsd1.adopt",           "",       May::Yes,    May::Yes,    May::Ask,    May::Ask,    May::AskInVain},
    Expectation{"Manager.Adopt (root's)",            "org.nsd1.adopt",           "",       May::Yes,    May::Ask,    May::Ask,    May::Ask,    May::AskInVain},
    Expectation{"Manager.Get",                       "",                         "",       May::Yes,    May::Yes,    May::Yes,    May::Yes,    May::Yes},
    Expectation{"Manager.Identify",                  "",                         "",       May::Yes,    May::Yes,    May::Yes,    May::Yes,    May::Yes},
    Expectation{"Manager.IdentifyProcess (owner's)", "",                         "",       May::Yes,    May::Yes,    May::No,     May::No,     May::No},
    Expectation{"Manager.List",                      "",                         "",       May::Yes,    May::Yes,    May::Yes,    May::Yes,    May::Yes},
    Expectation{"Manager.ListProcesses",             "",                         "",       May::Yes,    May::Yes,    May::Yes,    May::Yes,    May::Yes},
    Expectation{"Manager.Holders",                   "",                         "",       May::Yes,    May::Yes,    May::Yes,    May::Yes,    May::Yes},
    Expectation{"Manager.Enter",                     "org.nsd1.fds",             "fds",    May::Yes,    May::Yes,    May::Yes,    May::Ask,    May::Ask},
    Expectation{"Manager.OpenSocket",                "org.nsd1.socket",          "socket", May::Yes,    May::Yes,    May::Yes,    May::Ask,    May::AskInVain},
    Expectation{"Manager.Exec",                      "org.nsd1.enter",           "enter",  May::Yes,    May::Yes,    May::Yes,    May::Ask,    May::AskInVain},
    Expectation{"Manager.Exec (rootless)",           "org.nsd1.enter",           "enter",  May::Yes,    May::Yes,    May::InVain, May::AskInVain, May::AskInVain},
    Expectation{"Manager.Hold",                      "org.nsd1.hold",            "hold",   May::Yes,    May::Yes,    May::Yes,    May::Ask,    May::Ask},
    Expectation{"Manager.Rename",                    "org.nsd1.manage",          "manage", May::Yes,    May::Yes,    May::Yes,    May::Ask,    May::Ask},
    Expectation{"Manager.Destroy",                   "org.nsd1.manage",          "manage", May::Yes,    May::Yes,    May::Yes,    May::Ask,    May::Ask},
    Expectation{"Manager.SetLabels",                 "org.nsd1.manage",          "manage", May::Yes,    May::Yes,    May::Yes,    May::Ask,    May::Ask},
    Expectation{"Manager.Grant",                     "org.nsd1.grant",           "",       May::Yes,    May::Ask,    May::Ask,    May::Ask,    May::Ask},
    Expectation{"Manager.Grant (rootless)",          "org.nsd1.grant",           "",       May::Yes,    May::Yes,    May::Ask,    May::Ask,    May::Ask},
    Expectation{"Manager.Grant (rootless, link)",    "org.nsd1.grant",           "",       May::Yes,    May::Ask,    May::Ask,    May::Ask,    May::Ask},
    Expectation{"Manager.Revoke",                    "org.nsd1.grant",           "",       May::Yes,    May::Ask,    May::Ask,    May::Ask,    May::Ask},
    Expectation{"Manager.Revoke (rootless)",         "org.nsd1.grant",           "",       May::Yes,    May::Yes,    May::Ask,    May::Ask,    May::Ask},
    Expectation{"Manager.Reload",                    "",                         "",       May::Yes,    May::No,     May::No,     May::No,     May::No},
    Expectation{"Namespace.Enter",                   "org.nsd1.fds",             "fds",    May::Yes,    May::Yes,    May::Yes,    May::Ask,    May::Ask},
    Expectation{"Namespace.OpenSocket",              "org.nsd1.socket",          "socket", May::Yes,    May::Yes,    May::Yes,    May::Ask,    May::AskInVain},
    Expectation{"Namespace.Exec",                    "org.nsd1.enter",           "enter",  May::Yes,    May::Yes,    May::Yes,    May::Ask,    May::AskInVain},
    Expectation{"Namespace.Hold",                    "org.nsd1.hold",            "hold",   May::Yes,    May::Yes,    May::Yes,    May::Ask,    May::Ask},
    Expectation{"Namespace.Destroy",                 "org.nsd1.manage",          "manage", May::Yes,    May::Yes,    May::Yes,    May::Ask,    May::Ask},
    Expectation{"Namespace.Holders",                 "",                         "",       May::Yes,    May::Yes,    May::Yes,    May::Yes,    May::Yes},
    Expectation{"Namespace.SetLabels",               "org.nsd1.manage",          "manage", May::Yes,    May::Yes,    May::Yes,    May::Ask,    May::Ask},
    // Of a command that runs as uid 1000.
    Expectation{"Process.Kill",                      "",                         "",       May::Yes,    May::Yes,    May::No,     May::No,     May::No},
    Expectation{"Process.Wait",                      "",                         "",       May::Yes,    May::Yes,    May::No,     May::No,     May::No},
    // clang-format on
};

// What everybody may see: decisions about it are not written down.
inline constexpr std::array<std::string_view, 7> views{"Manager.Get", "Manager.Identify",
    "Manager.IdentifyProcess", "Manager.List", "Manager.ListProcesses", "Manager.Holders",
    "Namespace.Holders"};

} // namespace nsd::test
