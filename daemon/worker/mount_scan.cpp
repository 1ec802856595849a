// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/mount_scan.hpp"

#include "common/error.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>

namespace nsd::worker {
namespace {

// proc(5): "36 35 98:0 /root /target options [optional…] - type source superoptions"
struct Line {
    std::string id;
    std::string parent;
    std::string device;
    std::string root;
    std::string target;
    bool unbindable = false;
    std::string fileSystem;
};

Line parseLine(const std::string& text) {
    Line line;
    std::istringstream words(text);
    std::string options;
    words >> line.id >> line.parent >> line.device >> line.root >> line.target >> options;
    for (std::string word; words >> word && word != "-";)
        line.unbindable = line.unbindable || word == "unbindable";
    words >> line.fileSystem;
    return line;
}

// Spaces, tabs, newlines and backslashes stand there as \040 and so on.
std::string unescaped(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned code = 0;
        if (text[i] == '\\' && i + 3 < text.size() &&
            std::from_chars(&text[i + 1], &text[i + 1] + 3, code, 8).ptr == &text[i + 1] + 3) {
            out += static_cast<char>(code);
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

} // namespace

std::optional<NamespaceText> parseNamespaceText(std::string_view text) {
    const auto open = text.find(":[");
    if (open == std::string_view::npos || text.empty() || text.back() != ']')
        return std::nullopt;
    const auto digits = text.substr(open + 2, text.size() - open - 3);
    std::uint64_t inode = 0;
    const auto* const end = digits.data() + digits.size();
    if (const auto [stop, failure] = std::from_chars(digits.data(), end, inode);
        failure != std::errc() || stop != end)
        return std::nullopt;
    const auto word = text.substr(0, open);
    for (const auto type : allNamespaceTypes)
        if (toWord(type) == word)
            return NamespaceText{type, inode};
    return std::nullopt;
}

std::vector<NamespaceMount> namespaceMounts(const std::string& mountinfo) {
    std::vector<NamespaceMount> mounts;
    std::set<std::string> unbindable;
    std::istringstream lines(mountinfo);
    std::vector<Line> ofNsfs;
    for (std::string text; std::getline(lines, text);) {
        auto line = parseLine(text);
        if (line.unbindable)
            unbindable.insert(line.id);
        if (line.fileSystem == "nsfs")
            ofNsfs.push_back(std::move(line));
    }
    for (const auto& line : ofNsfs)
        if (const auto what = parseNamespaceText(line.root))
            mounts.push_back(
                {what->type, what->inode, unescaped(line.target), unbindable.contains(line.parent)});
    return mounts;
}

std::vector<std::string> mountsBelow(const std::string& mountinfo, const std::string& directory) {
    std::set<std::string> targets;
    std::istringstream lines(mountinfo);
    for (std::string text; std::getline(lines, text);)
        if (auto target = unescaped(parseLine(text).target); target.starts_with(directory + '/'))
            targets.insert(std::move(target));
    std::vector<std::string> outermost;
    for (const auto& target : targets) // a path stands before what is below it, if not always straight before
        if (std::none_of(outermost.begin(), outermost.end(),
                [&](const std::string& other) { return target.starts_with(other + '/'); }))
            outermost.push_back(target);
    return outermost;
}

} // namespace nsd::worker
