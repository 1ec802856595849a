// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/loop.hpp"
#include "daemon/core/events.hpp"
#include "daemon/core/kernel.hpp"
#include "daemon/core/namespaces.hpp"
#include "daemon/core/view_maker.hpp"

#include <memory>

namespace nsd {

// Whether a command that joins these types is to have a view: a network namespace, and nothing that says
// already what is mounted.
[[nodiscard]] bool needsView(NamespaceTypes joined) noexcept;

// The prepared mount namespaces of network namespaces: what commands inside see at /sys (and /etc) instead of
// the host's. At most two for each, made when they are first asked for: the one that goes with its user
// namespace belongs to that, so that its owner may join it. They are no part of the namespace: they go with
// it, and a restart of the daemon makes them anew. In between all commands share them, with what they mount.
class Views final : public Events {
  public:
    // Follows the namespaces' events until it goes.
    Views(Loop& loop, ViewMaker& maker, Kernel& kernel, Namespaces& namespaces);
    ~Views() override;
    Views(const Views&) = delete;
    Views& operator=(const Views&) = delete;

    // Whether it is the mount namespace that views are copies of. Somebody who lives in another one
    // chose what he sees, and is not to lose it. Throws Error{WrongFd} where it is no mount namespace.
    [[nodiscard]] bool isHost(int mountNamespace) const;
    // A descriptor of the view of a namespace that `joined` needs one of. Answers Error as
    // Namespaces::open throws it.
    void open(const Uuid& uuid, NamespaceTypes joined, Completion<UniqueFd> done);

    void added(const NamespaceRecord& /*record*/, const MaybeRequester& /*by*/) override {}
    void removed(const NamespaceRecord& record, const MaybeRequester& by) override;
    void changed(const NamespaceRecord& /*record*/, std::string_view /*what*/) override {}

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace nsd
