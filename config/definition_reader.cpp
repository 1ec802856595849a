// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/definition_reader.hpp"

#include "common/error.hpp"
#include "common/forward_spec.hpp"
#include "common/quote.hpp"
#include "config/conflist_field.hpp"
#include "config/definition_links.hpp"
#include "config/json_document.hpp"
#include "config/json_field.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace nsd {
namespace {

using Json = nlohmann::json;

struct Field : JsonField {
    Definition& definition;
};

void readTypes(const Field& field) {
    const auto& list = field.value;
    if (!list.is_array() || list.empty())
        return field.wrong("a list with a type in it: [\"net\", …]");
    field.definition.spec.types = {};
    for (std::size_t i = 0; i < list.size(); ++i) {
        const auto element = field.child(std::to_string(i), list[i]);
        try {
            if (const auto word = element.text())
                field.definition.spec.types.insert(namespaceTypeFromWord(*word));
        } catch (const Error& error) {
            element.complain(Problem::Severity::Error, error.text());
        }
    }
}

std::optional<Principal> principalOf(const JsonField& field) {
    if (field.value.is_number_unsigned()) {
        const auto id = field.id();
        return id ? std::optional<Principal>(*id) : std::nullopt;
    }
    if (field.value.is_string() && !field.value.get_ref<const std::string&>().empty())
        return field.value.get_ref<const std::string&>();
    field.wrong("a name or a number");
    return std::nullopt;
}

void readName(const Field& field) {
    const auto name = field.text();
    if (name && *name != field.definition.name.str())
        field.complain(Problem::Severity::Error,
            "is the name of another file: this one declares " + quoted(field.definition.name.str()));
}

void readOwner(const Field& field) {
    field.definition.owner = principalOf(field);
}

void readLabels(const Field& field) {
    if (auto labels = field.texts())
        field.definition.labels = *std::move(labels);
}

void readSysctls(const Field& field) {
    if (auto sysctls = field.texts())
        field.definition.spec.sysctls = *std::move(sysctls);
}

void readEtc(const Field& field) {
    if (auto files = field.texts())
        field.definition.spec.etc = *std::move(files);
}

template <std::string NamespaceSpec::*Member>
void readText(const Field& field) {
    field.definition.spec.*Member = field.text().value_or("");
}

template <std::optional<std::int64_t> NamespaceSpec::*Member>
void readOffset(const Field& field) {
    field.definition.spec.*Member = field.number();
}

void readMapRoot(const Field& field) {
    field.definition.spec.mapRoot = field.flag().value_or(false);
}

void readRootless(const Field& field) {
    field.definition.rootless = field.flag().value_or(false);
}

void readPublish(const Field& field) {
    field.definition.publish = field.flag().value_or(false);
}

void readForwards(const Field& field) {
    if (!field.value.is_array() || field.value.empty())
        return field.wrong("a list with a port in it: [\"tcp:127.0.0.1:8080:80\", …]");
    for (std::size_t i = 0; i < field.value.size(); ++i) {
        const auto element = field.child(std::to_string(i), field.value[i]);
        try {
            if (const auto text = element.text()) {
                static_cast<void>(parseForward(*text));
                field.definition.forwards.push_back(*text);
            }
        } catch (const Error& error) {
            element.complain(Problem::Severity::Error, error.text());
        }
    }
}

std::optional<IdRange> rangeOf(const JsonField& field) {
    if (!field.value.is_array() || field.value.size() != 3) {
        field.wrong("a list of three numbers: [inside, outside, count]");
        return std::nullopt;
    }
    std::array<std::uint32_t, 3> numbers{};
    bool good = true;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        const auto number = field.child(std::to_string(i), field.value[i]).id();
        good = good && number;
        numbers.at(i) = number.value_or(0);
    }
    return good ? std::optional<IdRange>({numbers[0], numbers[1], numbers[2]}) : std::nullopt;
}

template <std::vector<IdRange> NamespaceSpec::*Member>
void readMap(const Field& field) {
    const auto& lines = field.value;
    if (!lines.is_array() || lines.empty())
        return field.wrong("a list with a line in it: [[inside, outside, count], …]");
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (const auto range = rangeOf(field.child(std::to_string(i), lines[i])))
            (field.definition.spec.*Member).push_back(*range);
}

void readRights(const JsonField& field, Definition::Grant& grant) {
    if (!field.value.is_array() || field.value.empty())
        return field.wrong("a list with a right in it: [\"enter\", …]");
    for (std::size_t i = 0; i < field.value.size(); ++i)
        if (auto right = field.child(std::to_string(i), field.value[i]).text())
            grant.rights.push_back(*std::move(right));
}

void readGrant(const JsonField& field, std::vector<Definition::Grant>& grants) {
    const auto user = field.value.find("user");
    const auto group = field.value.find("group");
    const auto rights = field.value.find("rights");
    if (!field.value.is_object() || rights == field.value.end() ||
        (user == field.value.end()) == (group == field.value.end()))
        return field.wrong("{\"user\" or \"group\": …, \"rights\": […]}");
    Definition::Grant grant;
    grant.group = group != field.value.end();
    if (auto to = principalOf(field.child(grant.group ? "group" : "user", grant.group ? *group : *user)))
        grant.to = *std::move(to);
    readRights(field.child("rights", *rights), grant);
    for (const auto& [key, value] : field.value.items())
        if (key != "user" && key != "group" && key != "rights")
            field.child(key, value).complain(Problem::Severity::Warning, "is no key of a grant");
    grants.push_back(std::move(grant));
}

void readGrants(const Field& field) {
    if (!field.value.is_array())
        return field.wrong("a list of grants: [{\"user\": …, \"rights\": […]}, …]");
    for (std::size_t i = 0; i < field.value.size(); ++i)
        readGrant(field.child(std::to_string(i), field.value[i]), field.definition.grants);
}

void readLinks(const Field& field) {
    field.definition.spec.links = linksOf(field);
}

void readCni(const Field& field) {
    const auto before = field.problems.size();
    auto conflist = readConflist(field);
    if (field.problems.size() == before)
        field.definition.cni = std::move(conflist.text);
}

void readUuid(const Field& field) {
    if (field.definition.place != Definition::Place::State)
        return field.complain(Problem::Severity::Error, "is for files that nsd itself writes");
    field.definition.uuid = Uuid::parse(field.text().value_or(""));
    if (!field.definition.uuid)
        field.wrong("a UUID of 32 hex digits");
}

struct Row {
    std::string_view key;
    void (*read)(const Field& field);
};

constexpr std::array rows{
    Row{"name", readName},
    Row{"types", readTypes},
    Row{"owner", readOwner},
    Row{"rootless", readRootless},
    Row{"labels", readLabels},
    Row{"grants", readGrants},
    Row{"hostname", readText<&NamespaceSpec::hostname>},
    Row{"domainname", readText<&NamespaceSpec::domainname>},
    Row{"sysctls", readSysctls},
    Row{"uid-map", readMap<&NamespaceSpec::uidMap>},
    Row{"gid-map", readMap<&NamespaceSpec::gidMap>},
    Row{"map-root", readMapRoot},
    Row{"monotonic-offset", readOffset<&NamespaceSpec::monotonicOffset>},
    Row{"boottime-offset", readOffset<&NamespaceSpec::boottimeOffset>},
    Row{"publish", readPublish},
    Row{"links", readLinks},
    Row{"forwards", readForwards},
    Row{"etc", readEtc},
    Row{"cni", readCni},
    Row{"uuid", readUuid},
};

void readKey(const std::string& key, const Field& field) {
    const auto* const row =
        std::find_if(rows.begin(), rows.end(), [&](const Row& candidate) { return candidate.key == key; });
    if (row == rows.end())
        field.complain(Problem::Severity::Warning, "is no key of a declared namespace");
    else
        row->read(field);
}

} // namespace

DefinitionReading readDefinition(std::string_view json, Name name, Definition::Place place) {
    DefinitionReading reading{{.name = std::move(name), .place = place}, {}};
    reading.definition.spec.types = {NamespaceType::Net};
    const auto document = parseDocument(json, reading.problems);
    if (document.is_discarded())
        return reading;
    if (!document.is_object()) {
        reading.problems.push_back({Problem::Severity::Error, "", "must be one object: { … }"});
        return reading;
    }
    for (const auto& [key, value] : document.items())
        readKey(key, {{value, reading.problems, pointerTo("", key)}, reading.definition});
    locate(json, reading.problems);
    return reading;
}

std::vector<std::string_view> definitionKeys() {
    std::vector<std::string_view> keys;
    keys.reserve(rows.size());
    for (const auto& row : rows)
        keys.push_back(row.key);
    return keys;
}

} // namespace nsd
