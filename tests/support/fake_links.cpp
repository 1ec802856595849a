// SPDX-License-Identifier: LGPL-2.1-or-later
#include "tests/support/fake_links.hpp"

#include "common/quote.hpp"

#include <algorithm>

namespace nsd::test {
namespace {

bool isCalled(const LinkState& link, const std::string& name) {
    return link.name == name ||
           std::find(link.altNames.begin(), link.altNames.end(), name) != link.altNames.end();
}

LinkState* search(std::vector<LinkState>& links, const std::string& name) {
    const auto found =
        std::find_if(links.begin(), links.end(), [&](const LinkState& link) { return isCalled(link, name); });
    return found == links.end() ? nullptr : &*found;
}

LinkState takeOut(std::vector<LinkState>& links, const LinkState* link) {
    auto taken = *link;
    links.erase(links.begin() + (link - links.data()));
    return taken;
}

} // namespace

std::uint32_t FakeLinks::put(std::uint64_t where, LinkState link) {
    link.index = nextIndex_++;
    links_[where].push_back(link);
    return link.index;
}

void FakeLinks::fail(std::string method, Error error, bool late) {
    failure_ = Failure{std::move(method), std::move(error), late};
}

void FakeLinks::release() {
    holding_ = false;
    for (auto& answer : std::exchange(held_, {}))
        loop_.post(std::move(answer));
}

const LinkState* FakeLinks::find(std::uint64_t where, const std::string& name) {
    return search(links_[where], name);
}

std::vector<std::string> FakeLinks::names(std::uint64_t where) {
    std::vector<std::string> names;
    for (const auto& link : links_[where])
        names.push_back(link.name);
    return names;
}

std::uint64_t FakeLinks::whereIs(const UniqueFd& net) const {
    try {
        return kernel_.identify(net.get()).inode;
    } catch (const Error&) {
        return host;
    }
}

void FakeLinks::later(std::function<void()> answer) {
    if (holding_)
        held_.push_back(std::move(answer));
    else
        loop_.post(std::move(answer));
}

template <class T>
void FakeLinks::serve(const std::string& method, Completion<T> done, const std::function<T()>& work) {
    std::optional<Error> error;
    if (failure_ && failure_->method == method) {
        if (failure_->late)
            work();
        error = failure_->error;
        failure_.reset();
    }
    try {
        if (!error) {
            auto value = work();
            later([done = std::move(done), value = std::move(value)] { done(value); });
            return;
        }
    } catch (const Error& refused) {
        error = refused;
    }
    later([done = std::move(done), error = *error] { done(error); });
}

void FakeLinks::describe(std::vector<UniqueFd> netFds, Completion<std::vector<std::vector<LinkState>>> done) {
    serve<std::vector<std::vector<LinkState>>>("describe", std::move(done), [&] {
        std::vector<std::vector<LinkState>> all;
        for (const auto& net : netFds) {
            auto& links = all.emplace_back(links_[whereIs(net)]);
            LinkState lo{.index = 1, .name = "lo"};
            lo.isLoopback = lo.isUp = true;
            links.insert(links.begin(), lo);
        }
        return all;
    });
}

void FakeLinks::inspect(UniqueFd home, UniqueFd /*inside*/, std::string link, Completion<LinkCustody> done) {
    serve<LinkCustody>("inspect", std::move(done), [&] {
        const auto* found = search(links_[whereIs(home)], link);
        if (found == nullptr)
            throw Error(Errc::InvalidArgument, "the host has no link " + quoted(link));
        if (found->isImmutable || found->isLoopback)
            throw Error(Errc::InvalidArgument, "link " + quoted(link) + " cannot leave its namespace");
        LinkCustody custody{.tag = "nsd-tag" + std::to_string(found->index), .name = found->name};
        custody.homeIndex = found->index;
        custody.identity = found->identity;
        custody.altNames = found->altNames;
        custody.mac = found->mac;
        custody.mtu = found->mtu;
        custody.wasUp = found->isUp;
        custody.master = found->master;
        return custody;
    });
}

void FakeLinks::move(UniqueFd home, UniqueFd inside, LinkCustody custody, std::string name, bool up,
    Completion<MovedLink> done) {
    serve<MovedLink>("move", std::move(done), [&] {
        auto& there = links_[whereIs(inside)];
        auto& here = links_[whereIs(home)];
        const auto* link = search(here, custody.name);
        if (search(there, name) != nullptr)
            throw Error(Errc::NameExists, "there is a link " + quoted(name) + " inside already");
        auto moved = takeOut(here, link);
        moved.index = nextIndex_++;
        moved.name = name;
        moved.altNames.push_back(custody.tag);
        moved.isUp = up;
        moved.master.clear();
        there.push_back(moved);
        return MovedLink{moved.index, name};
    });
}

ReturnedLink FakeLinks::returned(std::optional<std::uint64_t> inside, const LinkCustody& custody) {
    auto& home = links_[host];
    auto* link = inside ? search(links_[*inside], custody.tag) : nullptr;
    if (link != nullptr) {
        home.push_back(takeOut(links_[*inside], link));
        link = &home.back();
        link->index = nextIndex_++;
        link->name.clear();
    } else {
        link = search(home, custody.tag);
        if (link == nullptr)
            link = search(home, custody.name);
        if (link == nullptr)
            return {ReturnedLink::End::Gone, "", {"it was deleted"}};
    }
    ReturnedLink answer{ReturnedLink::End::Home, custody.name, {}};
    if (const auto* other = search(home, custody.name); other != nullptr && other != link) {
        answer.name += "-2";
        answer.remarks.push_back("another link is called " + custody.name + " now");
    }
    link->name = answer.name;
    link->altNames = custody.altNames;
    link->mac = custody.mac;
    link->mtu = custody.mtu;
    link->isUp = custody.wasUp;
    link->master = custody.master;
    return answer;
}

void FakeLinks::bringHome(
    UniqueFd inside, UniqueFd /*home*/, LinkCustody custody, Completion<ReturnedLink> done) {
    serve<ReturnedLink>("bringHome " + custody.name, std::move(done),
        [&] { return returned(inside ? std::optional(whereIs(inside)) : std::nullopt, custody); });
}

MovedLink FakeLinks::placeEnd(std::uint64_t where, const VethEnd& end) {
    LinkState link{.name = end.name.str(), .identity = {.kind = "veth"}};
    link.mac = end.mac;
    link.isUp = true;
    link.operState = "up";
    for (const auto& address : end.addresses)
        link.addresses.push_back(address.str());
    return {put(where, link), link.name};
}

void FakeLinks::makeVeth(
    UniqueFd inside, UniqueFd peer, VethSpec veth, Completion<std::pair<MovedLink, MovedLink>> done) {
    serve<std::pair<MovedLink, MovedLink>>("makeVeth " + veth.inside.name.str(), std::move(done), [&] {
        for (const auto& [where, end] :
            {std::pair(whereIs(inside), &veth.inside), std::pair(whereIs(peer), &veth.peer)})
            if (search(links_[where], end->name.str()) != nullptr)
                throw Error(Errc::NameExists, "there is a link " + quoted(end->name.str()) + " already");
        veth_ = veth;
        peers_[veth.inside.mac] = veth.peer.mac;
        auto first = placeEnd(whereIs(inside), veth.inside);
        return std::pair(std::move(first), placeEnd(whereIs(peer), veth.peer));
    });
}

void FakeLinks::removeVeth(UniqueFd netFd, std::string name, std::string mac, Completion<bool> done) {
    serve<bool>("removeVeth " + name, std::move(done), [&] {
        const auto* link = search(links_[whereIs(netFd)], name);
        if (link == nullptr || link->mac != mac)
            return false;
        const auto peer = peers_[mac];
        for (auto& [where, links] : links_)
            std::erase_if(
                links, [&](const LinkState& entry) { return entry.mac == mac || entry.mac == peer; });
        return true;
    });
}

} // namespace nsd::test
