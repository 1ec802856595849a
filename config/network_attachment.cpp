// SPDX-License-Identifier: LGPL-2.1-or-later
#include "config/network_attachment.hpp"

#include "common/error.hpp"

#include <nlohmann/json.hpp>

namespace nsd {
namespace {

using Json = nlohmann::json;

// Whole lines alone, one at a time.
std::string_view nextLine(std::string_view& rest) {
    const auto end = rest.find('\n');
    if (end == std::string_view::npos)
        return {};
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    return line;
}

} // namespace

std::string toLine(const NetworkAttachment& attachment) {
    const Json line = {{"container", attachment.container}, {"interface", attachment.interface},
        {"conflist", Json::parse(attachment.conflist)}};
    return line.dump() + '\n';
}

std::string resultLine(const std::string& plugin, const std::string& result) {
    const Json line = {{"plugin", plugin}, {"result", Json::parse(result)}};
    return line.dump() + '\n';
}

NetworkAttachment parseNetworkAttachment(std::string_view text) {
    NetworkAttachment attachment;
    try {
        const auto begin = Json::parse(nextLine(text));
        attachment.container = begin.at("container").get<std::string>();
        attachment.interface = begin.at("interface").get<std::string>();
        attachment.conflist = begin.at("conflist").dump();
        for (auto line = nextLine(text); !line.empty(); line = nextLine(text))
            attachment.result = Json::parse(line).at("result").dump();
    } catch (const Json::exception& error) {
        throw Error(Errc::InvalidArgument,
            std::string("the record of a namespace's network does not say what it should: ") + error.what());
    }
    return attachment;
}

} // namespace nsd
