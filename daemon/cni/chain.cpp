// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/cni/chain.hpp"

#include "common/error.hpp"
#include "config/conflist.hpp"
#include "config/json_document.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

namespace nsd::cni {
namespace {

using Json = nlohmann::json;

// The functions that copy and write JSON call themselves.
constexpr unsigned maxDepth = 64;

// The older, the smaller.
auto ageOf(std::string_view version) {
    const auto versions = cniVersions();
    return std::find(versions.begin(), versions.end(), version) - versions.begin();
}

// The newest that the list offers; since 1.1.0 it may offer several.
std::string versionOf(const Json& list) {
    auto version = list.at("cniVersion").get<std::string>();
    if (const auto more = list.find("cniVersions"); more != list.end())
        for (const auto& other : *more)
            if (ageOf(other.get<std::string>()) > ageOf(version))
                version = other.get<std::string>();
    return version;
}

// What the plugin may know of the list's runtimeConfig: what it declares as its capabilities.
Json runtimeConfigFor(const Json& plugin, const Json& list) {
    auto granted = Json::object();
    const auto declared = plugin.find("capabilities");
    const auto given = list.find("runtimeConfig");
    if (declared == plugin.end() || given == list.end())
        return granted;
    for (const auto& [capability, wanted] : declared->items())
        if (wanted.get<bool>() && given->contains(capability))
            granted[capability] = given->at(capability);
    return granted;
}

// The list of an attachment and what is derived from it for each plugin (section 3 of the specification).
class List {
  public:
    explicit List(const NetworkAttachment& attachment)
        : list_(Json::parse(attachment.conflist)), version_(versionOf(list_)) {}

    [[nodiscard]] const Json& plugins() const { return list_.at("plugins"); }

    [[nodiscard]] PluginCall call(
        const char* command, const Json& plugin, const std::optional<Json>& previous) const {
        auto config = plugin;
        config["cniVersion"] = version_;
        config["name"] = list_.at("name");
        if (auto granted = runtimeConfigFor(plugin, list_); !granted.empty())
            config["runtimeConfig"] = std::move(granted);
        config.erase("capabilities");
        if (previous)
            config["prevResult"] = *previous;
        return {plugin.at("type").get<std::string>(), command, config.dump()};
    }

    // Before this version a plugin does not expect a result at DEL.
    [[nodiscard]] bool tellsResultAtEnd() const { return ageOf(version_) >= ageOf("0.4.0"); }

  private:
    Json list_;
    std::string version_;
};

Json resultOf(const PluginCall& call, const std::string& printed) {
    auto result = Json::parse(printed, nullptr, false);
    if (!result.is_object() || isDeeper(result, maxDepth))
        throw Error(Errc::KernelError, "cni: " + call.type + ": it answered " + call.command +
                                           " with something else than a JSON object");
    return result;
}

} // namespace

void addToNetwork(const NetworkAttachment& attachment, const RunPlugin& run, const Answered& answered) {
    const List list(attachment);
    std::optional<Json> previous;
    for (const auto& plugin : list.plugins()) {
        const auto call = list.call("ADD", plugin, previous);
        previous = resultOf(call, run(call));
        answered(call.type, previous->dump());
    }
}

void removeFromNetwork(const NetworkAttachment& attachment, const RunPlugin& run) {
    const List list(attachment);
    std::optional<Json> previous;
    if (!attachment.result.empty() && list.tellsResultAtEnd())
        previous = Json::parse(attachment.result);
    std::string complaints;
    const auto& plugins = list.plugins();
    for (auto plugin = plugins.rbegin(); plugin != plugins.rend(); ++plugin) {
        try {
            run(list.call("DEL", *plugin, previous));
        } catch (const Error& error) {
            complaints += (complaints.empty() ? "" : "; ") + error.text();
        }
    }
    if (!complaints.empty())
        throw Error(Errc::KernelError, complaints);
}

} // namespace nsd::cni
