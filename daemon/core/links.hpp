// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_custody.hpp"
#include "common/link_state.hpp"
#include "common/outcome.hpp"
#include "common/unique_fd.hpp"
#include "common/veth_spec.hpp"

#include <string>
#include <utility>
#include <vector>

namespace nsd {

// The links of network namespaces. Every step is a worker's, and an Error says which one failed, on which
// link, why, and what to do about it: InvalidArgument for what cannot be done with that link, NameExists
// for a name that another link has, else KernelError. What fails leaves everything as it was; what a
// killed worker leaves is mended by bringHome() or removeVeth() with what was recorded before.
//
// "Home" is the network namespace of the host that a link is borrowed from.
class Links {
  public:
    Links() = default;
    Links(const Links&) = delete;
    Links& operator=(const Links&) = delete;
    virtual ~Links() = default;

    // The links of each network namespace by index; in the order given.
    virtual void describe(
        std::vector<UniqueFd> netFds, Completion<std::vector<std::vector<LinkState>>> done) = 0;

    // The first half of a move: what has to be recorded of the link before it leaves home, with a new tag.
    // `link` is its name there or an alternative one. Refuses what cannot move: lo, what the kernel
    // calls immutable, and for a namespace of another user namespace also a link that could not be told
    // from one made inside. Changes nothing.
    virtual void inspect(UniqueFd home, UniqueFd inside, std::string link, Completion<LinkCustody> done) = 0;
    // The second half: under `name` inside (LinkName), and up there if `up`. It is the very link of the
    // record that moves, whatever bears its name by now.
    virtual void move(UniqueFd home, UniqueFd inside, LinkCustody custody, std::string name, bool up,
        Completion<MovedLink> done) = 0;
    // Brings a link home, under its own name or a free one, with its MAC, MTU, alternative names, master
    // and state. From wherever a move or another bringHome() stopped, and as often as one likes.
    // `inside` may be invalid where that namespace is no more. An Error: it is still inside; try again.
    virtual void bringHome(
        UniqueFd inside, UniqueFd home, LinkCustody custody, Completion<ReturnedLink> done) = 0;

    // Makes a veth pair, with one request under the names that it keeps, its addresses and routes; both
    // ends up. Answers the inside end and the peer.
    virtual void makeVeth(
        UniqueFd inside, UniqueFd peer, VethSpec veth, Completion<std::pair<MovedLink, MovedLink>> done) = 0;
    // Deletes the pair, one end of which is in this network namespace under this name with this MAC
    // address. False: there is none.
    virtual void removeVeth(UniqueFd netFd, std::string name, std::string mac, Completion<bool> done) = 0;
};

} // namespace nsd
