// SPDX-License-Identifier: LGPL-2.1-or-later
#include "client/apply/definition_input.hpp"

#include "client/cli/users.hpp"
#include "client/read_all.hpp"
#include "common/directory_entries.hpp"
#include "common/error.hpp"
#include "common/quote.hpp"
#include "common/unique_fd.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace nsd::client {
namespace {

using Json = nlohmann::ordered_json; // keys stay as they were written

constexpr std::string_view suffix = ".json";
constexpr int indent = 2;

Json parse(const std::string& text) {
    try {
        return Json::parse(text, nullptr, true, /*ignore_comments=*/true);
    } catch (const Json::parse_error& error) {
        const auto end = text.begin() + static_cast<std::ptrdiff_t>(std::min(error.byte, text.size()));
        const auto line = 1 + std::count(text.begin(), end, '\n');
        throw Error(Errc::InvalidArgument, "is no JSON: line " + std::to_string(line));
    }
}

std::string nameIn(const Json& definition) {
    const auto name = definition.find("name");
    return name != definition.end() && name->is_string() ? name->get<std::string>() : std::string();
}

// "web" for "definitions/web.json", else nothing.
std::string stemOf(std::string_view path) {
    path.remove_prefix(path.rfind('/') + 1); // npos + 1 is 0
    return path.ends_with(suffix) ? std::string(path.substr(0, path.size() - suffix.size())) : std::string();
}

class Reader {
  public:
    void read(const std::string& source) {
        if (source == "-") {
            add("standard input", readAll(STDIN_FILENO, "standard input"));
            return;
        }
        const UniqueFd file(::open(source.c_str(), O_RDONLY | O_CLOEXEC));
        struct stat status {};
        if (!file || ::fstat(file.get(), &status) != 0)
            throw kernelError("open", quoted(source), errno);
        if (!S_ISDIR(status.st_mode)) {
            add(source, readAll(file.get(), quoted(source)));
            return;
        }
        for (const auto& entry : entriesOf(file.get()))
            if (!entry.starts_with('.') && entry.ends_with(suffix))
                addIn(file.get(), source, entry);
    }

    Input take() && { return std::move(input_); }

  private:
    void addIn(int directory, const std::string& path, const std::string& entry) {
        const auto source = path + (path.ends_with('/') ? "" : "/") + entry;
        const UniqueFd file(::openat(directory, entry.c_str(), O_RDONLY | O_CLOEXEC));
        if (!file)
            throw kernelError("open", quoted(source), errno);
        add(source, readAll(file.get(), quoted(source)));
    }

    void add(const std::string& source, std::string text) {
        try {
            addDocument(source, std::move(text));
        } catch (const Error& error) {
            complain(source, error.text());
        }
    }

    void addDocument(const std::string& source, std::string text) {
        const auto document = parse(text);
        if (document.is_object()) {
            auto name = nameIn(document);
            if (name.empty())
                name = stemOf(source);
            addOne({std::move(name), std::move(text), source, true});
            return;
        }
        if (!document.is_array())
            throw Error(Errc::InvalidArgument, "is neither a definition, { … }, nor an array of them");
        for (const auto& element : document) {
            const auto name = element.is_object() ? nameIn(element) : std::string();
            auto place = source;
            if (!name.empty())
                place.append(": ").append(name);
            addOne({name, element.dump(indent) + "\n", std::move(place), false});
        }
    }

    void addOne(InputDefinition definition) {
        if (definition.name.empty())
            complain(definition.source, "a definition has no name: give it the key \"name\"");
        else if (!names_.insert(definition.name).second)
            complain(definition.source, quoted(definition.name) + " is defined twice");
        else
            input_.definitions.push_back(std::move(definition));
    }

    void complain(const std::string& source, const std::string& text) {
        input_.problems.push_back(source + ": " + text);
    }

    Input input_;
    std::set<std::string> names_;
};

// Users as numbers, as what lives has them.
Json ownerOf(const Json& definition) {
    const auto owner = definition.find("owner");
    if (owner == definition.end())
        return 0U;
    return owner->is_string() ? Json(userId(owner->get_ref<const std::string&>())) : *owner;
}

} // namespace

Input readInput(const std::vector<std::string>& sources) {
    Reader reader;
    for (const auto& source : sources)
        reader.read(source);
    return std::move(reader).take();
}

std::map<std::string, std::string> labelsOf(const std::string& text) {
    std::map<std::string, std::string> labels;
    const auto document = parse(text);
    const auto found = document.is_object() ? document.find("labels") : document.end();
    if (!document.is_object() || found == document.end() || !found->is_object())
        return labels;
    for (const auto& [key, value] : found->items())
        if (value.is_string())
            labels.emplace(key, value.get<std::string>());
    return labels;
}

std::vector<std::string> lastingDifferences(const std::string& one, const std::string& other) {
    static const std::set<std::string> elsewhere{"labels", "grants", "forwards", "name", "rootless", "owner"};
    const auto a = parse(one);
    const auto b = parse(other);
    std::set<std::string> keys;
    for (const auto& [from, to] : {std::pair(&a, &b), std::pair(&b, &a)})
        for (const auto& [key, value] : from->items())
            if (!elsewhere.contains(key) && (!to->contains(key) || to->at(key) != value))
                keys.insert(key);
    if (ownerOf(a) != ownerOf(b))
        keys.insert("owner");
    return {keys.begin(), keys.end()};
}

std::string exportText(const std::vector<NamedText>& definitions, TextForm form, bool indented) {
    auto all = Json::array();
    for (const auto& definition : definitions) {
        Json named{{"name", definition.name}};
        named.update(parse(definition.text));
        all.push_back(std::move(named));
    }
    if (form == TextForm::One && all.empty())
        return {};
    return (form == TextForm::One ? all.front() : all).dump(indented ? indent : -1) + "\n";
}

std::vector<std::string> linkNamesIn(const std::string& text) {
    std::vector<std::string> names;
    const auto document = parse(text);
    if (const auto links = document.find("links"); links != document.end())
        for (const auto& link : *links)
            names.push_back(link.value("name", ""));
    return names;
}

} // namespace nsd::client
