// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "daemon/core/rights.hpp"

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
// A user and a group were granted `granted`, or where that is empty all that can be.
struct Expectation {
    const char* call;   // Interface.Method, and the case in brackets
    const char* action; // of polkit, which must be asked about this and nothing else
    Right needs;        // as it is written down
    const char* granted;
    May root;
    May owner;
    May user;   // who was granted it
    May group;  // a member of the one that was
    May others; // also those who were granted every right but this
    May nobody; // uid 65534
};

// Nothing is made or run as nobody, whose uid stands for all users that cannot be told apart.
// Written by hand, from the interface's table of rights; never from daemon/core/rights.cpp.
inline constexpr std::array expectations{
    // clang-format off
    //          call                                  action                      needs                  granted   root             owner            user             group            others           nobody
    Expectation{"Manager.Create",                     "org.nsd1.create",          Right::Create,         "",       May::Yes,        May::Ask,        May::Ask,        May::Ask,        May::Ask,        May::AskInVain},
    Expectation{"Manager.Create (rootless)",          "",                         Right::CreateRootless, "",       May::InVain,     May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::InVain},
    Expectation{"Manager.Create (rootless, off)",     "org.nsd1.create-rootless", Right::CreateRootless, "",       May::InVain,     May::Ask,        May::Ask,        May::Ask,        May::Ask,        May::AskInVain},
    Expectation{"Manager.Create (rootless, publish)", "org.nsd1.link",            Right::Link,           "",       May::InVain,     May::Ask,        May::Ask,        May::Ask,        May::Ask,        May::AskInVain},
    Expectation{"Manager.Create (cni)",               "",                         Right::Admin,          "",       May::Yes,        May::No,         May::No,         May::No,         May::No,         May::No},
    Expectation{"Manager.Create (unit)",              "",                         Right::Admin,          "",       May::Yes,        May::No,         May::No,         May::No,         May::No,         May::No},
    Expectation{"Manager.Create (rootless, links)",   "org.nsd1.link",            Right::Link,           "",       May::InVain,     May::Ask,        May::Ask,        May::Ask,        May::Ask,        May::AskInVain},
    Expectation{"Manager.Create (rootless, links between)", "org.nsd1.manage",    Right::Manage,         "manage", May::InVain,     May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::AskInVain},
    Expectation{"Manager.Adopt (the owner's)",        "org.nsd1.adopt",           Right::Adopt,          "",       May::Yes,        May::Yes,        May::Ask,        May::Ask,        May::Ask,        May::AskInVain},
    Expectation{"Manager.Adopt (root's)",             "org.nsd1.adopt",           Right::Adopt,          "",       May::Yes,        May::Ask,        May::Ask,        May::Ask,        May::Ask,        May::AskInVain},
    Expectation{"Manager.Get",                        "",                         Right::View,           "",       May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Yes},
    Expectation{"Manager.Identify",                   "",                         Right::View,           "",       May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Yes},
    Expectation{"Manager.IdentifyProcess (owner's)",  "",                         Right::View,           "",       May::Yes,        May::Yes,        May::No,         May::No,         May::No,         May::No},
    Expectation{"Manager.List",                       "",                         Right::View,           "",       May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Yes},
    Expectation{"Manager.ListProcesses",              "",                         Right::View,           "",       May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Yes},
    Expectation{"Manager.Holders",                    "",                         Right::View,           "",       May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Yes},
    Expectation{"Manager.Enter",                      "org.nsd1.fds",             Right::Fds,            "fds",    May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Manager.OpenSocket",                 "org.nsd1.socket",          Right::Socket,         "socket", May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::AskInVain},
    Expectation{"Manager.Exec",                       "org.nsd1.enter",           Right::Enter,          "enter",  May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::AskInVain},
    Expectation{"Manager.Exec (rootless)",            "org.nsd1.enter",           Right::Enter,          "enter",  May::Yes,        May::Yes,        May::InVain,     May::InVain,     May::AskInVain,  May::AskInVain},
    Expectation{"Manager.Hold",                       "org.nsd1.hold",            Right::Hold,           "hold",   May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Manager.Rename",                     "org.nsd1.manage",          Right::Manage,         "manage", May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Manager.Destroy",                    "org.nsd1.manage",          Right::Manage,         "manage", May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Manager.Destroy (unit)",             "",                         Right::Admin,          "",       May::Yes,        May::No,         May::No,         May::No,         May::No,         May::No},
    Expectation{"Manager.SetLabels",                  "org.nsd1.manage",          Right::Manage,         "manage", May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Manager.MoveLink",                   "org.nsd1.link",            Right::Link,           "link",   May::Yes,        May::Ask,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Manager.MoveLink (rootless)",        "org.nsd1.link",            Right::Link,           "link",   May::Yes,        May::Ask,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Manager.ReturnLink",                 "org.nsd1.manage",          Right::Manage,         "manage", May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Manager.AddLink",                    "org.nsd1.link",            Right::Link,           "link",   May::Yes,        May::Ask,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Manager.AddLink (rootless)",         "org.nsd1.link",            Right::Link,           "link",   May::Yes,        May::Ask,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Manager.AddLink (between)",          "org.nsd1.manage",          Right::Manage,         "manage", May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Manager.Grant",                      "org.nsd1.grant",           Right::Grant,          "",       May::Yes,        May::Ask,        May::Ask,        May::Ask,        May::Ask,        May::Ask},
    Expectation{"Manager.Grant (rootless)",           "org.nsd1.grant",           Right::Grant,          "",       May::Yes,        May::Yes,        May::Ask,        May::Ask,        May::Ask,        May::Ask},
    Expectation{"Manager.Grant (rootless, link)",     "org.nsd1.grant",           Right::GrantLink,      "",       May::Yes,        May::Ask,        May::Ask,        May::Ask,        May::Ask,        May::Ask},
    Expectation{"Manager.Revoke",                     "org.nsd1.grant",           Right::Grant,          "",       May::Yes,        May::Ask,        May::Ask,        May::Ask,        May::Ask,        May::Ask},
    Expectation{"Manager.Revoke (rootless)",          "org.nsd1.grant",           Right::Grant,          "",       May::Yes,        May::Yes,        May::Ask,        May::Ask,        May::Ask,        May::Ask},
    Expectation{"Manager.Export",                     "org.nsd1.manage",          Right::Manage,         "manage", May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Manager.CheckDefinitions",           "",                         Right::Admin,          "",       May::Yes,        May::No,         May::No,         May::No,         May::No,         May::No},
    Expectation{"Manager.Reload",                     "",                         Right::Admin,          "",       May::Yes,        May::No,         May::No,         May::No,         May::No,         May::No},
    Expectation{"Namespace.Enter",                    "org.nsd1.fds",             Right::Fds,            "fds",    May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Namespace.OpenSocket",               "org.nsd1.socket",          Right::Socket,         "socket", May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::AskInVain},
    Expectation{"Namespace.Exec",                     "org.nsd1.enter",           Right::Enter,          "enter",  May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::AskInVain},
    Expectation{"Namespace.Hold",                     "org.nsd1.hold",            Right::Hold,           "hold",   May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Namespace.Destroy",                  "org.nsd1.manage",          Right::Manage,         "manage", May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    Expectation{"Namespace.Holders",                  "",                         Right::View,           "",       May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Yes},
    Expectation{"Namespace.SetLabels",                "org.nsd1.manage",          Right::Manage,         "manage", May::Yes,        May::Yes,        May::Yes,        May::Yes,        May::Ask,        May::Ask},
    // Of a command that runs as the one who started it, whosever the namespace is.
    Expectation{"Process.Kill (the owner's)",         "",                         Right::Process,        "",       May::Yes,        May::Yes,        May::No,         May::No,         May::No,         May::No},
    Expectation{"Process.Kill (root's)",              "",                         Right::Process,        "",       May::Yes,        May::No,         May::No,         May::No,         May::No,         May::No},
    Expectation{"Process.Kill (the granted user's)",  "",                         Right::Process,        "enter",  May::Yes,        May::No,         May::Yes,        May::No,         May::No,         May::No},
    Expectation{"Process.Wait (the owner's)",         "",                         Right::Process,        "",       May::Yes,        May::Yes,        May::No,         May::No,         May::No,         May::No},
    Expectation{"Process.Wait (root's)",              "",                         Right::Process,        "",       May::Yes,        May::No,         May::No,         May::No,         May::No,         May::No},
    Expectation{"Process.Wait (the granted user's)",  "",                         Right::Process,        "enter",  May::Yes,        May::No,         May::Yes,        May::No,         May::No,         May::No},
    // clang-format on
};

// What everybody may see: decisions about it are not written down.
inline constexpr std::array<std::string_view, 7> views{"Manager.Get", "Manager.Identify",
    "Manager.IdentifyProcess", "Manager.List", "Manager.ListProcesses", "Manager.Holders",
    "Namespace.Holders"};

} // namespace nsd::test
