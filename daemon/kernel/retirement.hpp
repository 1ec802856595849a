// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/loop.hpp"
#include "daemon/core/kernel.hpp"
#include "daemon/kernel/last_references.hpp"
#include "daemon/kernel/liveness.hpp"
#include "daemon/kernel/nsid_watch.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace nsd {

// The end of namespaces without pins: last references to a worker, then watching until the kernel
// has ended them. A namespace counts as ended when the worker is through with dropping it, too: before
// that the file systems of a mount namespace are still being unmounted.
class Retirement {
  public:
    using Done = Completion<std::map<NamespaceType, Released>>;
    // Looks for what keeps namespaces alive whose death the kernel does not tell of.
    using FindHolders =
        std::function<void(const std::vector<NamespaceIdentity>&, Completion<std::vector<Holder>>)>;

    Retirement(Loop& loop, Log& log, LastReferences& references, FindHolders findHolders);
    ~Retirement();
    Retirement(const Retirement&) = delete;
    Retirement& operator=(const Retirement&) = delete;

    // See Kernel::retire. With a patience of 0 whatever is not already known is Unknown.
    void retire(std::map<NamespaceType, UniqueFd> fds, std::chrono::microseconds patience, Done done);

  private:
    struct Watched {
        std::optional<NamespaceIdentity> identity; // to look for holders by, where nothing can tell
        std::optional<Liveness> liveness;
        std::unique_ptr<NsidWatch::Ticket> ticket;
        bool dropped = false;
        bool ended = false;
        [[nodiscard]] bool canTell() const noexcept { return liveness || ticket; }
    };
    struct Case {
        std::map<NamespaceType, Watched> watched;
        Done done;
        bool patient = true;
        unsigned drops = 0; // still in a worker's hands
        std::chrono::microseconds interval{0};
        Loop::SourcePtr poll;
        Loop::SourcePtr deadline;
    };
    using CaseId = std::uint64_t;

    [[nodiscard]] Watched watch(CaseId id, NamespaceType type, int fd);
    void drop(CaseId id, std::vector<NamespaceType> types, std::vector<UniqueFd> fds);
    void onDropped(CaseId id, const std::vector<NamespaceType>& types, bool ok);
    void look(CaseId id);
    void pollLater(CaseId id, Case& open);
    void conclude(CaseId id);
    void later(std::shared_ptr<Case> ended, std::map<NamespaceType, Released> answer);

    Loop& loop_;
    Log& log_;
    LastReferences& references_;
    FindHolders findHolders_;
    NsidWatch nsids_;
    CaseId next_ = 0;
    std::map<CaseId, std::shared_ptr<Case>> cases_;
};

} // namespace nsd
