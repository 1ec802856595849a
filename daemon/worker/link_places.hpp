// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/link_custody.hpp"
#include "daemon/worker/link_table.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nsd::worker {

// The two network namespaces that a link travels between, and how it is told from all others in each of
// them. The descriptors stay the caller's.
class LinkPlaces {
  public:
    // `inside` −1: that namespace is no more.
    LinkPlaces(int home, int inside);

    [[nodiscard]] LinkTable& home() noexcept { return home_; }
    [[nodiscard]] int homeFd() const noexcept { return homeFd_; }
    [[nodiscard]] LinkTable& inside() { return inside_.value(); }
    [[nodiscard]] int insideFd() const noexcept { return insideFd_; }

    [[nodiscard]] bool areTheSame() const;
    // Whether this link of home can be told, later, from one that was made inside. Where that namespace
    // is of another user namespace, somebody without rights at home is root there, and nothing can be
    // believed that he can make up.
    [[nodiscard]] bool canTellApart(const LinkState& atHome) const;

    // The link of the record, where it is inside.
    [[nodiscard]] std::optional<LinkState> findInside(const LinkCustody& custody);
    // On its way, or sent home by the kernel: what has its tag, or is its hardware.
    [[nodiscard]] std::optional<LinkState> findOnItsWay(const LinkCustody& custody);
    // Where it has nothing of a journey on it any more, or has not yet.
    [[nodiscard]] std::optional<LinkState> findSettled(const LinkCustody& custody);

  private:
    LinkPlaces(int home, int inside, std::vector<Netlink> sockets);
    [[nodiscard]] bool isIt(const LinkCustody& custody, const LinkState& inside);
    [[nodiscard]] bool hasItsPeerAtHome(const LinkCustody& custody, const LinkState& inside);

    int homeFd_;
    int insideFd_;
    LinkTable home_;
    std::optional<LinkTable> inside_;
    bool foreign_ = false;
};

[[nodiscard]] bool hasAltName(const LinkState& link, const std::string& name);

} // namespace nsd::worker
