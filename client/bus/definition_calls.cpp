// SPDX-License-Identifier: LGPL-2.1-or-later
//
// What DbusClient asks about definitions.
#include "client/bus/dbus_client.hpp"

#include "dbus/names.hpp"

#include <utility>

namespace nsd::client {
namespace {

constexpr std::chrono::minutes makingPatience{10}; // plugins of networks have a time of their own each

CheckedDefinitions::Problem readProblem(SdMessage& answer) {
    CheckedDefinitions::Problem problem;
    problem.name = answer.readString();
    problem.line = answer.readUint32();
    problem.pointer = answer.readString();
    problem.text = answer.readString();
    return problem;
}

} // namespace

std::string DbusClient::exportDefinition(const std::string& name) {
    return callManager("Export", [&](SdMessage& call) { call.addString(name); }).readString();
}

CheckedDefinitions DbusClient::checkDefinitions(const std::map<std::string, std::string>& texts) {
    auto answer = callManager("CheckDefinitions", [&](SdMessage& call) { call.addStringMap(texts); });
    CheckedDefinitions checked;
    checked.normal = answer.readStringMap();
    answer.readArray("(suss)",
        [&] { answer.readContainer('r', "suss", [&] { checked.problems.push_back(readProblem(answer)); }); });
    return checked;
}

std::string DbusClient::definitionsDirectory() {
    auto answer = allProperties(dbus::managerPath, dbus::managerInterface);
    std::string directory;
    answer.readOptions([&](const std::string& key) {
        if (key != "DefinitionsDirectory")
            return false;
        directory = answer.readString();
        return true;
    });
    if (directory.empty())
        throw Error(
            Errc::InvalidArgument, "nsd is older than this nsctl and does not say where its definitions are");
    return directory;
}

void DbusClient::reload() {
    static_cast<void>(callManager("Reload", [](SdMessage&) {}));
}

// What nsd@NAME.service asks for.
void DbusClient::awaitDeclared(const std::string& name) {
    const auto fill = [&](SdMessage& call) {
        call.addString(name);
        call.addStrings({});
        call.addOptions([&] { call.addOption("unit", "b", [&] { call.addBool(true); }); });
    };
    static_cast<void>(callManager("Create", fill, makingPatience));
}

} // namespace nsd::client
