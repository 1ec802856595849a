// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/nsfs.hpp"
#include "common/outcome.hpp"
#include "common/unique_fd.hpp"

#include <string>
#include <vector>

namespace nsd {

// What a view is made of.
struct ViewOrder {
    UniqueFd net;    // whose links /sys/class/net shows
    UniqueFd user{}; // invalid: none is joined with it, and the view belongs to the initial user namespace
    UniqueFd etc{};  // as EtcCustody::copy answers it
    std::vector<std::string> etcFiles{}; // in there
};

// The kernel's side of daemon/core/views, a port as Kernel is one. A view is a mount namespace as the host's,
// with /sys, and where it has one /etc, of a network namespace; it is held by a descriptor alone.
class ViewMaker {
  public:
    ViewMaker() = default;
    ViewMaker(const ViewMaker&) = delete;
    ViewMaker& operator=(const ViewMaker&) = delete;
    virtual ~ViewMaker() = default;

    // The mount namespace that the daemon lives in: a view is a copy of this one.
    [[nodiscard]] virtual NamespaceIdentity hostMounts() const = 0;
    // Answers a descriptor of the mount namespace, later; none of the order stays open.
    virtual void makeView(ViewOrder order, Completion<UniqueFd> done) = 0;
};

} // namespace nsd
