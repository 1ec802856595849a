// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/bus/link_options.hpp"

#include "common/error.hpp"
#include "common/quote.hpp"
#include "daemon/bus/option_reader.hpp"

#include <cstdint>
#include <utility>

namespace nsd::bus {

LinkRequest readLink(OptionMap given) {
    OptionReader options("a link", std::move(given));
    if (const auto kind = options.take<std::string>("kind").value_or("veth"); kind != "veth")
        throw Error(Errc::InvalidArgument, "option \"kind\" of a link is " + quoted(kind) +
                                               "; nsd makes \"veth\", and CNI's plugins the rest");
    LinkRequest link{.name = options.takeText("name")};
    link.peer = options.takeText("peer");
    link.peerNamespace = options.takeText("peer-namespace");
    link.addresses = options.take<Words>("addresses").value_or(Words());
    link.peerAddresses = options.take<Words>("peer-addresses").value_or(Words());
    link.routes = options.take<Words>("routes").value_or(Words());
    const auto mtu = options.take<std::uint32_t>("mtu");
    if (mtu == 0U)
        throw Error(Errc::InvalidArgument, "option \"mtu\" of a link is 0; leave it out instead");
    link.mtu = mtu.value_or(0);
    options.finish();
    return link;
}

std::vector<LinkRequest> readLinks(OptionMaps given) {
    std::vector<LinkRequest> links;
    links.reserve(given.size());
    for (auto& entry : given)
        links.push_back(readLink(std::move(entry)));
    return links;
}

} // namespace nsd::bus
