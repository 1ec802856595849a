// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/json_document.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace nsd {
namespace {

using Json = nlohmann::json;

// Where the parser is. It tells a container's start, each key, and each value when it is whole.
class Position {
  public:
    void see(Json::parse_event_t event, const Json& value) {
        switch (event) {
        case Json::parse_event_t::object_start:
        case Json::parse_event_t::array_start:
            open_.push_back({event == Json::parse_event_t::array_start, {}, 0});
            break;
        case Json::parse_event_t::key:
            open_.back().key = value.get_ref<const std::string&>();
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
    [[nodiscard]] std::size_t depth() const noexcept { return open_.size(); }
    [[nodiscard]] bool inArray() const noexcept { return !open_.empty() && open_.back().isArray; }
    // The pointer of what is read. Put together only where it is needed: a document may be deep.
    [[nodiscard]] std::string here() const {
        std::string pointer;
        for (const auto& container : open_)
            pointer = pointerTo(pointer, container.isArray ? std::to_string(container.index) : container.key);
        return pointer;
    }

  private:
    struct Container {
        bool isArray;
        std::string key; // of the value that is read
        std::size_t index;
    };
    void next() noexcept {
        if (!open_.empty())
            ++open_.back().index;
    }
    std::vector<Container> open_;
};

// Watches the parser for keys that stand twice.
class DuplicateFinder {
  public:
    explicit DuplicateFinder(std::vector<Problem>& problems) : problems_(problems) {}

    void see(Json::parse_event_t event, const Json& value) {
        position_.see(event, value);
        keys_.resize(position_.depth());
        if (event == Json::parse_event_t::object_start || event == Json::parse_event_t::array_start)
            keys_.back().clear();
        if (event == Json::parse_event_t::key &&
            !keys_.back().insert(value.get_ref<const std::string&>()).second)
            problems_.push_back({Problem::Severity::Error, position_.here(), "stands twice"});
    }

  private:
    std::vector<Problem>& problems_;
    Position position_;
    std::vector<std::set<std::string>> keys_; // of each open container
};

// Hands the text to the parser byte by byte, and so knows how far it is: in which line the last byte
// but one lies. The last one may be what ended a number, and no longer its own.
class LineCounter {
  public:
    using iterator_category = std::input_iterator_tag;
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;

    LineCounter(const char* at, unsigned* line) : at_(at), line_(line) {}
    reference operator*() const { return *at_; }
    LineCounter& operator++() {
        if (newline_)
            ++*line_;
        newline_ = *at_ == '\n';
        ++at_;
        return *this;
    }
    friend bool operator==(const LineCounter& a, const LineCounter& b) noexcept { return a.at_ == b.at_; }

  private:
    const char* at_;
    unsigned* line_;
    bool newline_ = false;
};

unsigned lineOf(std::string_view text, std::size_t byte) {
    return 1 + static_cast<unsigned>(
                   std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(byte), '\n'));
}

using Lines = std::map<std::string, unsigned>; // by pointer

// Of every key and element, as deep as anybody complains.
Lines linesOf(std::string_view text) {
    constexpr std::size_t deepest = 8;
    Lines lines;
    unsigned line = 1;
    Position position;
    const auto watch = [&](int /*depth*/, Json::parse_event_t event, Json& value) {
        const bool begins = event != Json::parse_event_t::object_end &&
                            event != Json::parse_event_t::array_end && event != Json::parse_event_t::key;
        if (begins && position.inArray() && position.depth() <= deepest)
            lines[position.here()] = line;
        position.see(event, value);
        if (event == Json::parse_event_t::key && position.depth() <= deepest)
            lines[position.here()] = line;
        return true;
    };
    const auto* const begin = text.data();
    const auto* const end = begin + text.size();
    // Without exceptions: what is no JSON was complained about when it was read.
    [[maybe_unused]] const auto parsed =
        Json::parse(LineCounter(begin, &line), LineCounter(end, &line), watch, false, true);
    return lines;
}

unsigned nearestLine(const Lines& lines, std::string pointer) {
    for (;;) {
        if (const auto found = lines.find(pointer); found != lines.end())
            return found->second;
        const auto slash = pointer.rfind('/');
        if (slash == std::string::npos)
            return 0; // the whole file
        pointer.erase(slash);
    }
}

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
            "is not JSON: " + (syntax == nullptr ? std::string(error.what()) : sentence(*syntax)),
            syntax == nullptr ? 0 : lineOf(text, std::min(syntax->byte, text.size()))});
        return Json(Json::value_t::discarded);
    }
}

void locate(std::string_view text, std::vector<Problem>& problems) {
    if (std::all_of(problems.begin(), problems.end(), [](const Problem& p) { return p.line != 0; }))
        return;
    const auto lines = linesOf(text);
    for (auto& problem : problems)
        if (problem.line == 0)
            problem.line = nearestLine(lines, problem.pointer);
    std::stable_sort(
        problems.begin(), problems.end(), [](const Problem& a, const Problem& b) { return a.line < b.line; });
}

std::string describe(const Problem& problem) {
    return problem.pointer.empty() ? problem.text : problem.pointer + ": " + problem.text;
}

std::string describe(const std::string& file, const Problem& problem) {
    const auto line = problem.line == 0 ? "" : ":" + std::to_string(problem.line);
    return file + line + ": " + describe(problem);
}

bool isDeeper(const Json& value, unsigned levels) {
    if (!value.is_structured())
        return false;
    return levels == 0 || std::any_of(value.begin(), value.end(),
                              [&](const Json& element) { return isDeeper(element, levels - 1); });
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
