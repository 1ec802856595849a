// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/json_document.hpp"

#include <set>
#include <string>
#include <utility>

namespace nsd {
namespace {

using Json = nlohmann::json;

// Watches the parser for keys that stand twice, and knows where it is. The parser tells a container's
// start, each key, and each value when it is whole.
class DuplicateFinder {
  public:
    explicit DuplicateFinder(std::vector<Problem>& problems) : problems_(problems) {}

    void see(Json::parse_event_t event, const Json& value) {
        switch (event) {
        case Json::parse_event_t::object_start:
        case Json::parse_event_t::array_start:
            open_.push_back({event == Json::parse_event_t::array_start, {}, {}, 0});
            break;
        case Json::parse_event_t::key:
            key(value.get_ref<const std::string&>());
            break;
        case Json::parse_event_t::object_end:
        case Json::parse_event_t::array_end:
            open_.pop_back();
            next();
            break;
        case Json::parse_event_t::value:
            next();
            break;
        }
    }

  private:
    struct Container {
        bool isArray;
        std::set<std::string> keys;
        std::string key; // of the value that is read
        std::size_t index;
    };

    // Put together only when there is a problem: a document may be deep.
    [[nodiscard]] std::string here() const {
        std::string pointer;
        for (const auto& container : open_)
            pointer = pointerTo(pointer, container.isArray ? std::to_string(container.index) : container.key);
        return pointer;
    }
    void key(const std::string& name) {
        auto& container = open_.back();
        container.key = name;
        if (!container.keys.insert(name).second)
            problems_.push_back({Problem::Severity::Error, here(), "stands twice"});
    }
    void next() noexcept {
        if (!open_.empty())
            ++open_.back().index;
    }

    std::vector<Problem>& problems_;
    std::vector<Container> open_;
};

// "[json.exception.parse_error.101] parse error at line 3, column 5: …" without what is not for the
// user.
std::string sentence(const Json::parse_error& error) {
    const std::string_view text = error.what();
    const auto at = text.find("at line ");
    return std::string(at == std::string_view::npos ? text : text.substr(at));
}

} // namespace

Json parseDocument(std::string_view text, std::vector<Problem>& problems) {
    std::vector<Problem> found;
    DuplicateFinder duplicates(found);
    const auto watch = [&](int /*depth*/, Json::parse_event_t event, Json& value) {
        duplicates.see(event, value);
        return true;
    };
    try {
        auto document = Json::parse(text, watch, true, true);
        problems.insert(problems.end(), found.begin(), found.end());
        return document;
    } catch (const Json::exception& error) {
        const auto* syntax = dynamic_cast<const Json::parse_error*>(&error);
        problems.push_back({Problem::Severity::Error, "",
            "is not JSON: " + (syntax == nullptr ? std::string(error.what()) : sentence(*syntax))});
        return Json(Json::value_t::discarded);
    }
}

std::string pointerTo(std::string_view parent, std::string_view key) {
    std::string pointer(parent);
    pointer += '/';
    for (const char c : key) {
        if (c == '~')
            pointer += "~0";
        else if (c == '/')
            pointer += "~1";
        else
            pointer += c;
    }
    return pointer;
}

} // namespace nsd
