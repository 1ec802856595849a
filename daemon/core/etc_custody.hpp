// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "common/log.hpp"
#include "common/outcome.hpp"
#include "daemon/core/create_request.hpp"
#include "daemon/core/etc_maker.hpp"
#include "daemon/core/pin_store.hpp"
#include "daemon/core/registry.hpp"

namespace nsd {

// The files that network namespaces have in /etc: from the request for one to its end, whether nsd makes it
// or somebody brings it along. Without a maker all have the host's.
class EtcCustody {
  public:
    EtcCustody(Log& log, const PinStore& store, const Registry& registry)
        : log_(log), store_(store), registry_(registry) {}

    // Before anything is made or recovered.
    void use(EtcMaker& maker) { maker_ = &maker; }
    // Files that each gets which is made from now on, unless it has another of that name.
    void setDefaults(EtcFiles files) { defaults_ = std::move(files); }

    // Whether there is anything to be made: files that were asked for, that every one gets, or that the
    // administrator has put into /etc/netns/NAME.
    [[nodiscard]] bool isWanted(const CreateRequest& request) const;
    void make(const CreateRequest& request, Completion<MadeEtc> done);
    // Mounts it in the staged directory and notes its files in the record. Throws Error.
    void place(const MadeEtc& etc, int directory, NamespaceRecord& record);
    // From a directory that has no name any more. Throws Error.
    void remove(int directory);

    // As a mount that is attached nowhere, with the host's files as they are now; invalid where it has none.
    // Throws Error.
    [[nodiscard]] UniqueFd copy(const NamespaceRecord& record) const;
    // It shows the host's files as they are now. What cannot be done is logged: it shows those of before.
    void refresh(const NamespaceRecord& record) const noexcept;
    void refreshAll() const;

  private:
    [[nodiscard]] bool has(const NamespaceRecord& record) const noexcept {
        return maker_ != nullptr && !record.etcFiles.empty();
    }

    Log& log_;
    const PinStore& store_;
    const Registry& registry_;
    EtcMaker* maker_ = nullptr;
    EtcFiles defaults_;
};

} // namespace nsd
