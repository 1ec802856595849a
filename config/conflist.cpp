// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/conflist.hpp"

#include "common/error.hpp"
#include "config/conflist_field.hpp"
#include "config/json_document.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

namespace nsd {
namespace {

using Json = nlohmann::json;

constexpr std::array<std::string_view, 5> versions{"0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"};
constexpr std::size_t maxPlugins = 32;
constexpr std::size_t maxType = 64;
// What is written again is written by a function that calls itself.
constexpr unsigned maxDepth = 32;

bool isAlphanumeric(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

// As libcni has it. Plugins make directories of this name.
bool isNetworkName(std::string_view name) {
    return !name.empty() && isAlphanumeric(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
        return isAlphanumeric(c) || c == '_' || c == '.' || c == '-';
    });
}

bool isProgramName(std::string_view type) {
    return !type.empty() && type.size() <= maxType && std::all_of(type.begin(), type.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-';
    });
}

std::string listOf(const auto& words) {
    std::string text;
    for (const auto& word : words)
        text.append(text.empty() ? "" : ", ").append(word);
    return text;
}

// In bytes, as text is given or kept.
void checkSize(const JsonField& field, std::size_t size) {
    if (size > maxConflist)
        field.complain(Problem::Severity::Error, "has " + std::to_string(size) + " bytes; at most " +
                                                     std::to_string(maxConflist) + " are allowed");
}

class Reader {
  public:
    explicit Reader(const JsonField& list) : list_(list) {}

    Conflist read() {
        if (!list_.value.is_object()) {
            list_.wrong("an object: {\"cniVersion\": …, \"name\": …, \"plugins\": […]}");
            return {};
        }
        if (list_.value.contains("type") && !list_.value.contains("plugins")) {
            list_.complain(Problem::Severity::Error,
                "is the configuration of a single plugin; a list has it among its \"plugins\"");
            return {};
        }
        with("cniVersion", true, [&](const JsonField& field) { readVersion(field); });
        with("cniVersions", false, [&](const JsonField& field) {
            for (std::size_t i = 0; field.value.is_array() && i < field.value.size(); ++i)
                readVersion(field.child(std::to_string(i), field.value[i]));
            if (!field.value.is_array())
                field.wrong("a list of versions");
        });
        with("name", true, [&](const JsonField& field) { readName(field); });
        with("plugins", true, [&](const JsonField& field) { readPlugins(field); });
        with("runtimeConfig", false, [&](const JsonField& field) { readRuntimeConfig(field); });
        conflist_.text = list_.value.dump();
        return std::move(conflist_);
    }

  private:
    template <class Read>
    void with(const std::string& key, bool needed, const Read& read) {
        if (const auto found = list_.value.find(key); found != list_.value.end())
            read(list_.child(key, *found));
        else if (needed)
            list_.complain(Problem::Severity::Error, "has no \"" + key + "\"");
    }

    static void readVersion(const JsonField& field) {
        const auto version = field.text();
        if (version && std::find(versions.begin(), versions.end(), *version) == versions.end())
            field.wrong("one of " + listOf(versions));
    }

    void readName(const JsonField& field) {
        if (auto name = field.text()) {
            if (isNetworkName(*name))
                conflist_.network = *std::move(name);
            else
                field.wrong("letters, digits, '_', '.' and '-', the first a letter or a digit");
        }
    }

    void readPlugins(const JsonField& field) {
        if (!field.value.is_array() || field.value.empty() || field.value.size() > maxPlugins)
            return field.wrong("a list of 1 to " + std::to_string(maxPlugins) + " plugins");
        conflist_.plugins = field.value.size();
        for (std::size_t i = 0; i < field.value.size(); ++i)
            readPlugin(field.child(std::to_string(i), field.value[i]));
    }

    void readPlugin(const JsonField& plugin) {
        if (!plugin.value.is_object())
            return plugin.wrong("an object: {\"type\": …}");
        readType(plugin, true);
        if (const auto ipam = plugin.value.find("ipam"); ipam != plugin.value.end() && ipam->is_object())
            readType(plugin.child("ipam", *ipam), false);
        if (const auto found = plugin.value.find("capabilities"); found != plugin.value.end())
            readCapabilities(plugin.child("capabilities", *found));
        for (const auto* key : {"runtimeConfig", "prevResult"})
            if (const auto found = plugin.value.find(key); found != plugin.value.end())
                plugin.child(key, *found)
                    .complain(Problem::Severity::Error, key == std::string_view("runtimeConfig")
                                                            ? "stands beside \"plugins\", and a plugin gets "
                                                              "of it what it has capabilities for"
                                                            : "is filled in when the plugin runs");
    }

    // Never a path: what a plugin is called by is looked for in the directories of the settings alone.
    void readType(const JsonField& owner, bool needed) {
        const auto found = owner.value.find("type");
        if (found == owner.value.end()) {
            if (needed)
                owner.complain(Problem::Severity::Error, "has no \"type\"");
            return;
        }
        const auto field = owner.child("type", *found);
        const auto type = field.text();
        if (!type)
            return;
        if (!isProgramName(*type))
            return field.wrong("the name of a plugin: at most 64 of a-z, 0-9 and '-'");
        auto& programs = conflist_.programs;
        if (std::find(programs.begin(), programs.end(), *type) == programs.end())
            programs.push_back(*type);
    }

    void readCapabilities(const JsonField& field) {
        if (!field.value.is_object())
            return field.wrong("an object: {\"portMappings\": true}");
        for (const auto& [name, value] : field.value.items())
            if (field.child(name, value).flag().value_or(false))
                capabilities_.insert(name);
    }

    void readRuntimeConfig(const JsonField& field) const {
        if (!field.value.is_object())
            return field.wrong("an object: {\"portMappings\": […]}");
        for (const auto& [name, value] : field.value.items())
            if (!capabilities_.contains(name))
                field.child(name, value)
                    .complain(
                        Problem::Severity::Error, "is a capability that no plugin of the list declares");
    }

    const JsonField& list_;
    Conflist conflist_;
    std::set<std::string> capabilities_; // of any plugin
};

} // namespace

Conflist readConflist(const JsonField& field) {
    if (isDeeper(field.value, maxDepth)) {
        field.complain(Problem::Severity::Error,
            "has more than " + std::to_string(maxDepth) + " objects and lists within each other");
        return {};
    }
    auto conflist = Reader(field).read();
    checkSize(field, conflist.text.size());
    return conflist;
}

std::span<const std::string_view> cniVersions() noexcept {
    return versions;
}

ConflistReading readConflist(std::string_view text) {
    ConflistReading reading;
    checkSize(JsonField{{}, reading.problems, ""}, text.size());
    if (!reading.problems.empty())
        return reading;
    const auto document = parseDocument(text, reading.problems);
    if (document.is_discarded())
        return reading;
    reading.conflist = readConflist(JsonField{document, reading.problems, ""});
    if (isDeeper(document, maxDepth))
        return reading; // where it is would take long to find
    locate(text, reading.problems);
    return reading;
}

Conflist conflistOf(std::string_view text) {
    auto reading = readConflist(text);
    if (reading.problems.empty())
        return std::move(reading.conflist);
    const auto& problem = reading.problems.front();
    const auto line = problem.line == 0 ? "" : "line " + std::to_string(problem.line) + ": ";
    throw Error(Errc::InvalidArgument, "cni: " + line + describe(problem));
}

} // namespace nsd
