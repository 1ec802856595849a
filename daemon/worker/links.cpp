// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/links.hpp"

#include "common/error.hpp"
#include "daemon/worker/child_process.hpp"

#include <cerrno>
#include <memory>
#include <net/if.h>
#include <sched.h>
#include <string>

namespace nsd::worker {
namespace {

struct FreeNames {
    void operator()(struct if_nameindex* names) const noexcept { ::if_freenameindex(names); }
};

std::vector<std::string> linksHere() {
    const std::unique_ptr<struct if_nameindex, FreeNames> names(::if_nameindex());
    if (!names)
        throw kernelError("list", "the links of a network namespace", errno);
    std::vector<std::string> links;
    for (const auto* link = names.get(); link->if_index != 0; ++link)
        links.emplace_back(link->if_name);
    return links;
}

} // namespace

protocol::LinksReply listLinks(const std::vector<UniqueFd>& namespaces) {
    const auto text = runInChild([&] {
        protocol::LinksReply reply;
        for (const auto& fd : namespaces) {
            if (::setns(fd.get(), CLONE_NEWNET) != 0)
                throw kernelError("enter", "a network namespace to list its links", errno);
            reply.links.push_back(linksHere());
        }
        return protocol::encode(protocol::Reply(std::move(reply)));
    });
    return std::get<protocol::LinksReply>(protocol::decodeReply(text));
}

} // namespace nsd::worker
