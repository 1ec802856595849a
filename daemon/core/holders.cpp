// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/holders.hpp"

#include "common/error.hpp"
#include "common/holder_query.hpp"
#include "daemon/core/link_target.hpp"
#include "daemon/core/publication.hpp"

#include <string>
#include <utility>

namespace nsd {
namespace {

HolderQuery queryOf(const Core& core, const NamespaceRecord& record) {
    HolderQuery query;
    for (const auto& [type, identity] : record.identities)
        query.namespaces.push_back(identity);
    query.leases = core.leases.files(record.uuid);
    if (auto path = publicPath(core, record); !path.empty())
        query.ownMounts.push_back(std::move(path));
    return query;
}

// They are no reference of the kernel's: while one is inside, Destroy takes it home first.
std::vector<Holder> linkHolders(const NamespaceRecord& record) {
    std::vector<Holder> holders;
    for (const auto& link : record.borrowedLinks) {
        auto& row = holders.emplace_back();
        row.kind = "link";
        row.type = toWord(NamespaceType::Net);
        row.detail = link.custody.name + " of the host is in it" +
                     (link.name == link.custody.name ? "" : " as " + link.name) +
                     ", and goes home before it goes";
        row.uid = record.owner;
    }
    return holders;
}

} // namespace

void findHolders(Core& core, const NamespaceRecord& record, Completion<std::vector<Holder>> done) {
    UniqueFd net;
    try {
        if (record.identities.contains(NamespaceType::Net))
            net = openNetIfThere(core, record);
    } catch (const Error& error) { // out of descriptors
        core.loop.post([error, done = std::move(done)] { done(error); });
        return;
    }
    core.kernel.findHolders(queryOf(core, record), std::move(net),
        [links = linkHolders(record), owner = record.owner, done = std::move(done)](auto outcome) {
            if (outcome.ok()) {
                auto& holders = outcome.value();
                for (auto& holder : holders)
                    if (holder.kind == "pin") // where they are is no secret
                        holder.uid = owner;
                holders.insert(holders.end(), links.begin(), links.end());
            }
            done(std::move(outcome));
        });
}

} // namespace nsd
