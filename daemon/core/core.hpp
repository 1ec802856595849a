// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "daemon/core/definition_store.hpp"
#include "daemon/core/etc_custody.hpp"
#include "daemon/core/events.hpp"
#include "daemon/core/init_watch.hpp"
#include "daemon/core/kernel.hpp"
#include "daemon/core/leases.hpp"
#include "daemon/core/lifetimes.hpp"
#include "daemon/core/link_turns.hpp"
#include "daemon/core/links.hpp"
#include "daemon/core/listeners.hpp"
#include "daemon/core/network_attachments.hpp"
#include "daemon/core/operation.hpp"
#include "daemon/core/pin_store.hpp"
#include "daemon/core/quotas.hpp"
#include "daemon/core/registry.hpp"
#include "daemon/core/requester.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace nsd {

class NetRegister;

// What the operations work on. Namespaces owns it; it owns the operations and outlives them. The few
// changes that concern several of its parts, and the world, are made here, so that creation,
// recovery and destruction make them in the same way.
class Core {
  public:
    // `due` is called when a namespace's time to live is over.
    Core(Loop& theLoop, Kernel& theKernel, Links& theLinks, Log& theLog, UniqueFd directory,
        std::function<void(const Uuid&)> due);

    // What lies complete in .stage/<staged> becomes a namespace under the record's name: watched init,
    // deadline, the rename that commits it, record, Events::added ("ready", if it was pending). Whatever can
    // fail comes before the rename, so that who is thrown an Error has it in .stage still, and its init,
    // which is taken else.
    void publish(const Uuid& staged, NamespaceRecord record, std::optional<InitProcess>& init,
        const MaybeRequester& by);
    // The same for one that has its name already. Throws Error.
    void admit(NamespaceRecord record, std::optional<InitProcess> init, const MaybeRequester& by = {});
    // It is no longer: all of that backwards. Answers the init, if it lives.
    std::optional<InitProcess> dismiss(const Uuid& uuid, const MaybeRequester& by = {});
    // Something of it is lost for good.
    void degrade(const Uuid& uuid);
    void changed(const NamespaceRecord& record, std::string_view what) const;
    // Its leases or its deadline are others than before.
    void schedule(const NamespaceRecord& record);
    // Ends the leases that were given on a grant which is there no more.
    void revokeLeases(const NamespaceRecord& record);
    void leaseEnded(const Uuid& uuid, std::uint32_t number, const LeaseHolder& holder, LeaseEnd how);
    // It had leases and has none now.
    void leasesEnded(const Uuid& uuid);

    Loop& loop;
    Kernel& kernel;
    Links& links;
    Log& log;
    UniqueFd home; // the network namespace of this process, whose links are the host's
    std::string bootId;
    Quotas quotas;
    PinStore store;
    DefinitionStore definitions;
    NetworkAttachments networks;
    Registry registry;
    EtcCustody etc;
    std::map<Uuid, Quotas::Share> shares; // of a published namespace, its owner's
    Leases leases;
    InitWatch inits;
    Lifetimes lifetimes;
    LinkTurns linkTurns;
    Listeners<Events> events;
    NetRegister* netRegister = nullptr; // lives longer than this
    Operations operations;              // last: they go before what they work on

  private:
    // What watches over a namespace. Throws Error, and then nothing does, and the init is not taken.
    void arm(const NamespaceRecord& record, std::optional<InitProcess>& init);
    std::optional<InitProcess> disarm(const Uuid& uuid);
    void enter(NamespaceRecord record, const MaybeRequester& by);
};

} // namespace nsd
