// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/link_rights.hpp"

#include <algorithm>

namespace nsd::bus {

std::map<std::string, Uuid> peersOf(const Namespaces& namespaces, const std::vector<LinkRequest>& links) {
    std::map<std::string, Uuid> peers;
    for (const auto& link : links)
        if (!link.peerNamespace.empty())
            peers.emplace(link.peerNamespace, namespaces.find(Name(link.peerNamespace)).uuid);
    return peers;
}

std::vector<Check> checksOf(const std::vector<LinkRequest>& links, const std::map<std::string, Uuid>& peers) {
    std::vector<Check> checks;
    if (std::any_of(links.begin(), links.end(), [](const auto& link) { return link.peerNamespace.empty(); }))
        checks.push_back({"Create link"});
    for (const auto& [name, uuid] : peers)
        checks.push_back({"Create link between", uuid});
    return checks;
}

} // namespace nsd::bus
