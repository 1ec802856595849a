// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/bus/authorization_calls.hpp"

#include <array>
#include <csignal>
#include <sys/socket.h>

namespace nsd::test {
namespace {

using Message = sd_bus_message*;
using Needs = MatrixCall::Needs;
using Leaves = MatrixCall::Leaves;

void nothing(Message /*message*/, const Stage& /*stage*/) {}

void name(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "s", "web");
}

void noOptions(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "a{sv}", 0);
}

void file(Message message, const Stage& stage) {
    sd_bus_message_append(message, "h", stage.fd.get());
}

void create(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "sasa{sv}", "mine", 1, "net", 0);
}

void createRootless(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "sasa{sv}", "mine", 2, "net", "user", 1, "rootless", "b", 1);
}

void createPublished(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(
        message, "sasa{sv}", "mine", 2, "net", "user", 2, "rootless", "b", 1, "publish", "b", 1);
}

void createForUnit(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "sasa{sv}", "mine", 0, 1, "unit", "b", 1);
}

void createWithPlugins(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "sasa{sv}", "mine", 1, "net", 1, "cni", "s",
        R"({"cniVersion": "1.0.0", "name": "lan", "plugins": [{"type": "bridge"}]})");
}

void forUnit(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "a{sv}", 1, "unit", "b", 1);
}

void adopt(Message message, const Stage& stage) {
    sd_bus_message_append(message, "sa{sh}a{sv}", "mine", 1, "net", stage.fd.get(), 0);
}

void enter(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "asa{sv}", 1, "net", 0);
}

void socket(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "iiia{sv}", AF_INET, SOCK_STREAM, 0, 0);
}

void command(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "asa{sv}", 1, "/bin/true", 0);
}

void moveLink(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "ssa{sv}", "web", "eth0", 0);
}

void addLink(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "sa{sv}", "web", 2, "name", "s", "up0", "peer", "s", "web0");
}

void addLinkBetween(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "sa{sv}", "web", 2, "name", "s", "up0", "peer-namespace", "s", "other");
}

void createLinked(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "sasa{sv}", "mine", 2, "net", "user", 2, "rootless", "b", 1, "links",
        "aa{sv}", 1, 2, "name", "s", "up0", "peer", "s", "mine0");
}

void createLinkedWith(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "sasa{sv}", "mine", 2, "net", "user", 2, "rootless", "b", 1, "links",
        "aa{sv}", 1, 2, "name", "s", "up0", "peer-namespace", "s", "web");
}

void labels(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "a{ss}", 1, "tried", "it");
}

void definitions(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "a{ss}", 1, "mine", "{}");
}

// The form of the manager names the namespace first.
template <void (*Rest)(Message, const Stage&)>
void named(Message message, const Stage& stage) {
    name(message, stage);
    Rest(message, stage);
}

void rename(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "ss", "web", "shop");
}

void grant(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "ssuas", "web", "user", 7, 1, "view");
}

void grantLink(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "ssuas", "web", "user", 7, 2, "view", "link");
}

// Somebody has it in every stage.
void revoke(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "ssuas", "web", "user", 9, 1, "view");
}

void kill(Message message, const Stage& /*stage*/) {
    sd_bus_message_append(message, "i", SIGTERM);
}

constexpr std::array calls{
    MatrixCall{"Manager.Create", Needs::Nothing, Leaves::Trace, create},
    MatrixCall{"Manager.Create (rootless)", Needs::Nothing, Leaves::Trace, createRootless},
    MatrixCall{"Manager.Create (rootless, off)", Needs::Nothing, Leaves::Trace, createRootless},
    MatrixCall{"Manager.Create (rootless, publish)", Needs::Nothing, Leaves::Trace, createPublished},
    MatrixCall{"Manager.Create (cni)", Needs::Nothing, Leaves::Trace, createWithPlugins},
    MatrixCall{"Manager.Create (unit)", Needs::Nothing, Leaves::Trace, createForUnit},
    MatrixCall{"Manager.Create (rootless, links)", Needs::Nothing, Leaves::Trace, createLinked},
    MatrixCall{"Manager.Create (rootless, links between)", Needs::Nothing, Leaves::Trace, createLinkedWith},
    MatrixCall{"Manager.Adopt (the owner's)", Needs::OwnersNet, Leaves::Trace, adopt},
    MatrixCall{"Manager.Adopt (root's)", Needs::RootsNet, Leaves::Trace, adopt},
    MatrixCall{"Manager.Get", Needs::Nothing, Leaves::Nothing, name},
    MatrixCall{"Manager.Identify", Needs::OwnPin, Leaves::Nothing, file},
    MatrixCall{"Manager.IdentifyProcess (owner's)", Needs::OwnPin, Leaves::Nothing, file},
    MatrixCall{"Manager.List", Needs::Nothing, Leaves::Nothing, noOptions},
    MatrixCall{"Manager.ListProcesses", Needs::Nothing, Leaves::Nothing, noOptions},
    MatrixCall{"Manager.Holders", Needs::Nothing, Leaves::Nothing, name},
    MatrixCall{"Manager.Enter", Needs::Nothing, Leaves::Nothing, named<enter>},
    MatrixCall{"Manager.OpenSocket", Needs::Nothing, Leaves::Trace, named<socket>},
    MatrixCall{"Manager.Exec", Needs::Nothing, Leaves::Trace, named<command>},
    MatrixCall{"Manager.Exec (rootless)", Needs::Nothing, Leaves::Trace, named<command>},
    MatrixCall{"Manager.Hold", Needs::Nothing, Leaves::TraceOfTheCaller, named<noOptions>},
    MatrixCall{"Manager.Rename", Needs::Nothing, Leaves::Trace, rename},
    MatrixCall{"Manager.Destroy", Needs::Nothing, Leaves::Trace, named<noOptions>},
    MatrixCall{"Manager.Destroy (unit)", Needs::Nothing, Leaves::Nothing, named<forUnit>}, // not a unit's
    MatrixCall{"Manager.SetLabels", Needs::Nothing, Leaves::Trace, named<labels>},
    MatrixCall{"Manager.MoveLink", Needs::Nothing, Leaves::Trace, moveLink},
    MatrixCall{"Manager.MoveLink (rootless)", Needs::Nothing, Leaves::Trace, moveLink},
    MatrixCall{"Manager.ReturnLink", Needs::BorrowedLink, Leaves::Trace, moveLink},
    MatrixCall{"Manager.AddLink", Needs::Nothing, Leaves::Trace, addLink},
    MatrixCall{"Manager.AddLink (rootless)", Needs::Nothing, Leaves::Trace, addLink},
    MatrixCall{"Manager.AddLink (between)", Needs::Peer, Leaves::Trace, addLinkBetween},
    MatrixCall{"Manager.Grant", Needs::Nothing, Leaves::Trace, grant},
    MatrixCall{"Manager.Grant (rootless)", Needs::Nothing, Leaves::Trace, grant},
    MatrixCall{"Manager.Grant (rootless, link)", Needs::Nothing, Leaves::Trace, grantLink},
    MatrixCall{"Manager.Revoke", Needs::Nothing, Leaves::Trace, revoke},
    MatrixCall{"Manager.Revoke (rootless)", Needs::Nothing, Leaves::Trace, revoke},
    MatrixCall{"Manager.Export", Needs::Nothing, Leaves::Nothing, name},
    MatrixCall{"Manager.CheckDefinitions", Needs::Nothing, Leaves::Nothing, definitions},
    MatrixCall{"Manager.Reload", Needs::Nothing, Leaves::Trace, nothing},
    MatrixCall{"Namespace.Enter", Needs::Nothing, Leaves::Nothing, enter},
    MatrixCall{"Namespace.OpenSocket", Needs::Nothing, Leaves::Trace, socket},
    MatrixCall{"Namespace.Exec", Needs::Nothing, Leaves::Trace, command},
    MatrixCall{"Namespace.Hold", Needs::Nothing, Leaves::TraceOfTheCaller, noOptions},
    MatrixCall{"Namespace.Destroy", Needs::Nothing, Leaves::Trace, noOptions},
    MatrixCall{"Namespace.Holders", Needs::Nothing, Leaves::Nothing, nothing},
    MatrixCall{"Namespace.SetLabels", Needs::Nothing, Leaves::Trace, labels},
    MatrixCall{"Process.Kill (the owner's)", Needs::Process, Leaves::Trace, kill},
    MatrixCall{"Process.Kill (root's)", Needs::Process, Leaves::Trace, kill},
    MatrixCall{"Process.Kill (the granted user's)", Needs::Process, Leaves::Trace, kill},
    MatrixCall{"Process.Wait (the owner's)", Needs::EndedProcess, Leaves::Nothing, nothing},
    MatrixCall{"Process.Wait (root's)", Needs::EndedProcess, Leaves::Nothing, nothing},
    MatrixCall{"Process.Wait (the granted user's)", Needs::EndedProcess, Leaves::Nothing, nothing},
};

std::string upTo(const std::string& text, char end) {
    return text.substr(0, text.find(end));
}

} // namespace

std::string MatrixCall::interface() const {
    return "org.nsd1." + upTo(call, '.');
}

std::string MatrixCall::method() const {
    return upTo(std::string(call).substr(std::string(call).find('.') + 1), ' ');
}

std::string MatrixCall::path(const Stage& stage) const {
    if (interface() == "org.nsd1.Manager")
        return "/org/nsd1";
    return interface() == "org.nsd1.Process" ? stage.process : stage.path;
}

bool MatrixCall::has(const char* word) const {
    const std::string text(call);
    const auto bracket = text.find('(');
    return bracket != std::string::npos && text.find(word, bracket) != std::string::npos;
}

std::span<const MatrixCall> matrixCalls() noexcept {
    return calls;
}

} // namespace nsd::test
