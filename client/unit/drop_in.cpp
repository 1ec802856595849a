// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/unit/drop_in.hpp"

#include <algorithm>
#include <array>

namespace nsd::client {
namespace {

struct PathSetting {
    NamespaceType type;
    const char* setting;
    unsigned since; // version of systemd, by its NEWS
};
constexpr std::array pathSettings{
    PathSetting{NamespaceType::Net, "NetworkNamespacePath", 242},
    PathSetting{NamespaceType::Ipc, "IPCNamespacePath", 248},
    PathSetting{NamespaceType::User, "UserNamespacePath", 259},
};

constexpr std::string_view mark = "# Written by nsctl: joins the namespace ";

std::string dependenciesOn(const std::string& name) {
    const auto keeper = "nsd@" + name + ".service";
    return "[Unit]\nBindsTo=" + keeper + "\nAfter=" + keeper + "\n";
}

bool isPlain(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("@%$+=:,./_-{}").find(c) != std::string_view::npos;
}

std::string escaped(char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    if (c == '%') // it would be a specifier
        return "%%";
    if (c == '"' || c == '\\')
        return {'\\', c};
    if (byte < ' ' || byte == 0x7f)
        return {'\\', 'x', digits.at(byte >> 4U), digits.at(byte & 0xfU)};
    return {c};
}

} // namespace

NamespaceTypes typesJoinedBySystemd(unsigned version) noexcept {
    NamespaceTypes types;
    for (const auto& setting : pathSettings)
        if (version >= setting.since)
            types.insert(setting.type);
    return types;
}

std::optional<std::string> namespaceOf(std::string_view dropIn) {
    if (dropIn.substr(0, mark.size()) != mark)
        return std::nullopt;
    dropIn.remove_prefix(mark.size());
    return std::string(dropIn.substr(0, dropIn.find('\n')));
}

std::string dropInText(const std::string& name, const UnitName& unit,
    const std::map<NamespaceType, std::string>& pins, const std::string& etc) {
    std::string text(mark);
    text += name + "\n# To take it back: nsctl unit --remove " + name + " " + unit.name + "\n";
    text += dependenciesOn(name) + "\n[" + unit.section + "]\n";
    for (const auto& setting : pathSettings)
        if (const auto pin = pins.find(setting.type); pin != pins.end())
            text += std::string(setting.setting) + "=" + pin->second + "\n";
    // The whole directory: a file that is mounted on another is lost when the host puts a new one there.
    if (!etc.empty())
        text += "BindReadOnlyPaths=" + etc + ":/etc\n";
    return text;
}

std::string handWrittenText(
    const std::string& name, NamespaceTypes types, const std::vector<std::vector<std::string>>& commands) {
    auto through = "ExecStart=nsctl exec " + name + " -t ";
    for (const char* separator = ""; const auto type : types) {
        through += separator + std::string(toWord(type));
        separator = ",";
    }
    through += " --";
    auto text = dependenciesOn(name) + "\n[Service]\n";
    if (types.contains(NamespaceType::Pid)) // pid_namespaces(7): a child of nsctl's is the program
        text += "# The main process is nsctl, and the program its child\nNotifyAccess=all\n";
    text += "ExecStart=\n";
    for (const auto& command : commands) {
        text += through;
        for (const auto& word : command)
            text += " " + quotedForUnit(word);
        text += "\n";
    }
    return commands.empty() ? text + through + " COMMAND…\n" : text;
}

std::string quotedForUnit(const std::string& word) {
    std::string text;
    for (const char c : word)
        text += escaped(c);
    const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), isPlain);
    return plain ? text : '"' + text + '"';
}

} // namespace nsd::client
