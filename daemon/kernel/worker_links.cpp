// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/kernel/worker_links.hpp"

#include "common/quote.hpp"
#include "daemon/kernel/worker_answer.hpp"
#include "daemon/protocol/channel.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <memory>

namespace nsd {
namespace {

using States = std::vector<std::vector<LinkState>>;

// In this order, without those that are none.
template <class... Fd>
std::vector<UniqueFd> listOf(Fd... fds) {
    std::vector<UniqueFd> list;
    (list.push_back(std::move(fds)), ...);
    std::erase_if(list, [](const UniqueFd& fd) { return !fd.valid(); });
    return list;
}

} // namespace

template <class Reply, class T>
void WorkerLinks::submit(std::string what, protocol::Request request, std::vector<UniqueFd> fds,
    T Reply::*member, Completion<T> done) {
    const auto owned = std::make_shared<std::vector<UniqueFd>>(std::move(fds));
    std::vector<int> numbers;
    for (const auto& fd : *owned)
        numbers.push_back(fd.get());
    // The last reference to a network namespace may be dropped here: the kernel ends it elsewhere.
    pool_.submit(WorkKind::Link,
        {std::move(what), std::move(request), std::move(numbers), deadline_, [owned] { owned->clear(); },
            [owned, member, done = std::move(done)](Outcome<WorkerAnswer> outcome) {
                done(translate<T>(std::move(outcome),
                    [member](WorkerAnswer answer) { return std::move(replyOf<Reply>(answer).*member); }));
            }});
}

void WorkerLinks::describe(std::vector<UniqueFd> netFds, Completion<States> done) {
    // As many as one message takes along, and then the rest.
    const auto split =
        netFds.begin() + static_cast<std::ptrdiff_t>(std::min(netFds.size(), protocol::maxFds));
    const auto rest = std::make_shared<std::vector<UniqueFd>>(
        std::make_move_iterator(split), std::make_move_iterator(netFds.end()));
    netFds.erase(split, netFds.end());
    if (!rest->empty())
        done = [this, rest, done = std::move(done)](Outcome<States> first) {
            if (!first.ok()) {
                done(std::move(first));
                return;
            }
            describe(std::move(*rest), [first = std::move(first).value(), done](Outcome<States> more) {
                if (more.ok())
                    more.value().insert(more.value().begin(), first.begin(), first.end());
                done(std::move(more));
            });
        };
    submit("list the links of network namespaces", protocol::LinksRequest{}, std::move(netFds),
        &protocol::LinksReply::links, std::move(done));
}

void WorkerLinks::inspect(UniqueFd home, UniqueFd inside, std::string link, Completion<LinkCustody> done) {
    auto what = "look at the link " + quoted(link);
    submit(std::move(what), protocol::InspectLinkRequest{std::move(link)},
        listOf(std::move(home), std::move(inside)), &protocol::InspectLinkReply::custody, std::move(done));
}

void WorkerLinks::move(UniqueFd home, UniqueFd inside, LinkCustody custody, std::string name, bool up,
    Completion<MovedLink> done) {
    auto what = "move the link " + quoted(custody.name);
    submit(std::move(what), protocol::MoveLinkRequest{std::move(custody), std::move(name), up},
        listOf(std::move(home), std::move(inside)), &protocol::MoveLinkReply::moved, std::move(done));
}

void WorkerLinks::bringHome(
    UniqueFd inside, UniqueFd home, LinkCustody custody, Completion<ReturnedLink> done) {
    auto what = "bring the link " + quoted(custody.name) + " home";
    submit(std::move(what), protocol::BringLinkHomeRequest{std::move(custody)},
        listOf(std::move(home), std::move(inside)), &protocol::BringLinkHomeReply::returned, std::move(done));
}

void WorkerLinks::makeVeth(
    UniqueFd inside, UniqueFd peer, VethSpec veth, Completion<std::pair<MovedLink, MovedLink>> done) {
    auto what = "make the veth " + quoted(veth.inside.name.str());
    submit(std::move(what), protocol::MakeVethRequest{std::move(veth)},
        listOf(std::move(inside), std::move(peer)), &protocol::MakeVethReply::ends, std::move(done));
}

void WorkerLinks::removeVeth(UniqueFd netFd, std::string name, std::string mac, Completion<bool> done) {
    auto what = "delete the veth " + quoted(name);
    submit(std::move(what), protocol::RemoveVethRequest{std::move(name), std::move(mac)},
        listOf(std::move(netFd)), &protocol::RemoveVethReply::removed, std::move(done));
}

} // namespace nsd
