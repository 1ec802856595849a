// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/worker/link_survey.hpp"

#include "common/error.hpp"
#include "daemon/worker/child_process.hpp"
#include "daemon/worker/link_table.hpp"

#include <cerrno>
#include <sched.h>
#include <utility>

namespace nsd::worker {

protocol::LinksReply surveyLinks(const std::vector<UniqueFd>& namespaces) {
    const auto text = runInChild([&] {
        protocol::LinksReply reply;
        for (const auto& fd : namespaces) {
            if (::setns(fd.get(), CLONE_NEWNET) != 0)
                throw kernelError("enter", "a network namespace to list its links", errno);
            reply.links.push_back(LinkTable(Netlink()).describe());
        }
        return protocol::encode(protocol::Reply(std::move(reply)));
    });
    return std::get<protocol::LinksReply>(protocol::decodeReply(text));
}

} // namespace nsd::worker
