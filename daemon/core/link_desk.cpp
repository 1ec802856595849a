// SPDX-License-Identifier: LGPL-2.1-or-later
#include "daemon/core/link_desk.hpp"

#include "common/link_name.hpp"
#include "daemon/core/core.hpp"
#include "daemon/core/link_addition.hpp"
#include "daemon/core/link_move.hpp"
#include "daemon/core/link_return.hpp"

#include <utility>

namespace nsd {
namespace {

// Throws Error{InvalidArgument}.
void checkName(const std::string& name) {
    if (!name.empty())
        static_cast<void>(LinkName(name));
}

} // namespace

void LinkDesk::move(
    const Uuid& uuid, const std::string& link, const std::string& name, Completion<Done> done) {
    checkName(name);
    LinkMove::start(core_, uuid, link, name, std::move(done));
}

void LinkDesk::giveBack(
    const Uuid& uuid, const std::string& link, const std::string& name, Completion<ReturnedLink> done) {
    checkName(name);
    LinkReturn::start(core_, uuid, link, name, std::move(done));
}

void LinkDesk::add(const Uuid& uuid, LinkRequest link, std::optional<Uuid> peer, Completion<Done> done) {
    LinkAddition::start(core_, uuid, std::move(link), peer, std::move(done));
}

void LinkDesk::describe(std::vector<UniqueFd> netFds, Completion<std::vector<std::vector<LinkState>>> done) {
    core_.links.describe(std::move(netFds), std::move(done));
}

} // namespace nsd
